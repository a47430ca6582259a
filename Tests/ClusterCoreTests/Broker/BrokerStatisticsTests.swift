import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

/// The numbers of `status`.
struct BrokerStatisticsTests {
    @Test func `times of answers are those from arrival to answer`() throws {
        let bench = BrokerHarness()
        let peer = bench.client()
        let worker = bench.worker("w")
        #expect(bench.status.broker.answerMeanUs == 0)
        for (number, milliseconds) in [100, 100, 100, 900].enumerated() {
            bench.submit(["a"], as: UInt64(number + 1), from: peer)
            let tasks = try bench.tasks(worker).map(\.number)
            bench.advance(.milliseconds(milliseconds))
            bench.reply(tasks, from: worker)
        }
        let broker = bench.status.broker
        #expect(broker.itemsCompleted == 4)
        #expect(broker.answerMeanUs == 300_000)
        // To a hundredth.
        #expect((100_000...101_000).contains(broker.answerP50Us))
        #expect((900_000...909_000).contains(broker.answerP99Us))
    }

    @Test func `failed items have no time of an answer`() throws {
        let bench = BrokerHarness()
        let peer = bench.client()
        _ = bench.worker("w")
        bench.submit(["("], from: peer)
        #expect(bench.status.broker.itemsFailed == 1)
        #expect(bench.status.broker.answerMeanUs == 0)
        #expect(bench.status.broker.answerP99Us == 0)
    }

    @Test func `a worker's shards have their generations, its report an age`() throws {
        let bench = BrokerHarness()
        var index = BrokerHarness.index(of: 3, shards: [0, 2])
        index.shards[1].generation = 7
        _ = bench.worker("w", [index])
        var health = WireHealth()
        health.name = "w"
        health.sequence = 1
        let header = Header(.health)
        let message = WireMessage(header, frames: [header.codec.encodeOwn(health)])
        bench.broker.receiveHealth([Array("h.p.w".utf8)] + message.encoded(), at: bench.now)
        bench.advance(.milliseconds(400))
        let worker = try #require(bench.status.workers.first)
        #expect(worker.shards == ["i/0", "i/2"])
        #expect(worker.generations == [1, 7])
        #expect(worker.healthAgeMs == 400)
    }
}
