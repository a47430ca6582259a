import Foundation
import Glibc
import SwiftletClient
import Testing

/// Clients that do not read, send too much, or change their mind.
@Suite(.serialized, .timeLimit(.minutes(10))) struct ClientFaultTests {
    @Test func `a client that does not read holds up nobody, and takes bounded memory`()
        async throws
    {
        let subject = try await FaultSubject("slow client", queries: 1_000)
        try await Cluster.run(in: subject.folder, serving: ["all", "all"], replicas: 2) { cluster in
            let status = try await cluster.status("a report of b1") {
                ($0.child("b1")?.pid ?? 0) > 0
            }
            let broker = try #require(status.child("b1")?.pid)
            let before = try residentBytes(broker)
            let slow = try Running(
                "/usr/bin/python3", ["-c", PythonScripts.neverRead, cluster.clients])
            do {
                try await cluster.status("the slow client's full window") { status in
                    let client = status.clients?.first { $0.name == "slow" }
                    return client?.unacknowledged_results == 64
                        && client?.outstanding_items == 4_000 - 64
                }
                try await subject.expectAnswers(try subject.startBatch(cluster))
                #expect(try residentBytes(broker) - before < 64 << 20)
                let client = try await cluster.status().clients?.first { $0.name == "slow" }
                #expect(client?.unacknowledged_results == 64)
            } catch {
                slow.send(SIGKILL)
                _ = try? await slow.end()
                throw error
            }
            slow.send(SIGKILL)
            #expect(try await slow.end().status == 128 + SIGKILL)
        }
    }

    @Test func `a frame over 16 MiB ends its connection only, a SUBMIT over 8 MiB nothing`()
        async throws
    {
        let subject = try await FaultSubject("oversized frames", queries: 10)
        try await Cluster.run(in: subject.folder, serving: ["all"], replicas: 1) { cluster in
            let sent = try await python(PythonScripts.sendTooMuch, [cluster.clients])
            #expect(sent.status == 0, "\(sent.errors)")
            // UNKNOWN_PEER; FAILED; DONE.
            #expect(sent.output == "huge: 5\nlarge: 14 TOO_LARGE\nlarge: 13 1\nother: 13 1\n")
        }
    }

    @Test func `a batch of 10,000 that is cancelled half-way leaves nothing behind`()
        async throws
    {
        let subject = try await FaultSubject("cancelled batch", queries: 10)
        try await Cluster.run(in: subject.folder, serving: ["all", "all"], replicas: 2) { cluster in
            let client = try SearchClient(endpoints: [cluster.clients])
            let requests = (0..<10_000).map {
                SearchRequest("word\($0 % 60) word\($0 / 60 % 60)", limit: 3)
            }
            var answered: Set<Int> = []
            let options = SearchOptions(documents: false, budget: .seconds(60))
            for await (index, answer) in client.batch(requests, options: options) {
                #expect(try answer.get().coverage.ok == 3)
                #expect(answered.insert(index).inserted)
                if answered.count == 5_000 { break }
            }
            let status = try await cluster.status("the end of all items") {
                ($0.broker.items_waiting ?? 0) == 0 && ($0.broker.tasks_in_flight ?? 0) == 0
            }
            #expect(answered.count == 5_000)
            let broker = status.broker
            #expect(broker.items_completed ?? 0 >= 5_000)
            #expect(broker.items_cancelled ?? 0 > 0)
            #expect(broker.items_failed ?? 0 == 0)
            #expect(
                (broker.items_completed ?? 0) + (broker.items_cancelled ?? 0)
                    == broker.items_accepted)
            let one = try await client.search("word1", options: SearchOptions(limit: 1_000))
            #expect(UInt64(one.hits.count) == one.totalHits)
            await client.close()
        }
    }

    /// The memory of a process that is in RAM.
    private func residentBytes(_ process: Int32) throws -> Int {
        let file = try #require(FileHandle(forReadingAtPath: "/proc/\(process)/statm"))
        let pages = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
            .split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return try #require(pages) * Int(getpagesize())
    }
}
