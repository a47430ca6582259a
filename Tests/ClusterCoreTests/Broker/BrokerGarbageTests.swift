import TestSupport
import Testing
import WireProtocol

@testable import ClusterCore

/// Bytes that are no messages, and messages that make no sense.
struct BrokerGarbageTests {
    @Test func `garbage from strangers, clients and workers is survived`() throws {
        var random = SeededRandom.forTest("broker garbage")
        let bench = BrokerHarness()
        for _ in 0..<3_000 {
            let worker = bench.worker("w", of: 2, shards: [0, 1])
            let client = bench.client()
            bench.submit(["a"], as: 9, from: client)
            let peer = [
                worker, client, bench.newPeer(.client), bench.newPeer(.worker),
            ].randomElement(using: &random)
            bench.deliver(garbage(&random), from: peer ?? worker)
            bench.alive = []
            if Int.random(in: 0..<100, using: &random) == 0 { bench.advance(.seconds(1)) }
        }
        #expect(bench.status.broker.malformedMessages > 0)
        // It still serves.
        let worker = bench.worker("last", of: 2, shards: [0, 1])
        let client = bench.client("last", session: 99)
        bench.advance(.seconds(11))
        bench.submit(["a"], as: 1, from: client)
        let tasks = try bench.tasks(worker)
        bench.reply(tasks.map(\.number), from: worker)
        #expect(bench.take(client, .result).count == 1)
        #expect(bench.isEmpty)
    }

    /// Some frames: noise, a cut message, or any command with any content.
    private func garbage(_ random: inout SeededRandom) -> [Frame] {
        let noise = (0..<Int.random(in: 0...3, using: &random)).map { _ in bytes(&random) }
        guard Int.random(in: 0..<4, using: &random) > 0 else { return noise }
        var header = Header(
            Command.allCases.randomElement(using: &random) ?? .ping,
            id: UInt64.random(in: 0...10, using: &random),
            epoch: [0, 7, BrokerHarness.epoch].randomElement(using: &random) ?? 0,
            index: UInt32.random(in: 0...3, using: &random))
        if Bool.random(using: &random) { header.flags.insert(.json) }
        var first = header.encoded()
        switch Int.random(in: 0..<8, using: &random) {
        case 0:
            first[Int.random(in: 0..<32, using: &random)] = UInt8.random(
                in: 0...255, using: &random)
        case 1: first.removeLast(Int.random(in: 1...32, using: &random))
        default: break
        }
        return [first] + noise
    }

    private func bytes(_ random: inout SeededRandom) -> Frame {
        let templates = [
            "{}", "{\"tasks\":[{\"task\":3,\"hits\":4000000000}]}", "{\"role\":\"WORKER\"}", "[",
        ]
        if Bool.random(using: &random), let text = templates.randomElement(using: &random) {
            return Array(text.utf8)
        }
        return (0..<Int.random(in: 0...40, using: &random)).map { _ in
            UInt8.random(in: 0...(Bool.random(using: &random) ? 255 : 16), using: &random)
        }
    }

    @Test(arguments: Command.allCases)
    func `an empty message of any command is survived on both links`(command: Command) {
        let bench = BrokerHarness()
        let worker = bench.worker("w")
        let client = bench.client()
        bench.deliver([Header(command, epoch: BrokerHarness.epoch).encoded()], from: worker)
        bench.deliver([Header(command, epoch: 7).encoded()], from: client)
        let other = bench.client("other", session: 8)
        #expect(bench.take(other).map(\.header.command) == [.welcome])
    }

    @Test func `another version is answered with the id and epoch it came with`() throws {
        let bench = BrokerHarness()
        let peer = bench.newPeer(.client)
        var frame = Header(.submit, id: 5, epoch: 6).encoded()
        frame[3] = 9
        bench.deliver([frame], from: peer)
        let message = try #require(bench.take(peer).first)
        #expect(message.header.id == 5 && message.header.epoch == 6)
        let failed: WireFailed = try message.meta()
        #expect(failed.code == .unsupported)
    }
}
