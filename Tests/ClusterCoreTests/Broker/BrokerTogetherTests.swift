import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

/// Answers that are ready in one turn travel together, to clients that say so.
struct BrokerTogetherTests {
    private let harness = BrokerHarness()
    private let hits = [TestHit(id: "d1", score: 2, key: 1), TestHit(id: "d2", score: 1, key: 2)]

    private static func together(_ submit: inout WireSubmit) {
        submit.documents = .none
        submit.resultsTogether = true
    }

    /// The answers of the RESULTS that a client was sent, one list for each message.
    private func taken(_ client: PeerID) throws -> [[WireAnswer]] {
        try harness.take(client, .results).map { message in
            #expect(message.header.id == 0 && message.header.index == 0)
            let results: WireResults = try message.meta()
            return results.answers
        }
    }

    @Test(arguments: [false, true])
    func `answers of one turn are one message, whatever they answer`(json: Bool) throws {
        let worker = harness.worker("w")
        let client = harness.client()
        harness.submit(["a", "b"], as: 1, from: client, json: json, Self.together)
        harness.submit(["c"], as: 2, from: client, json: json, Self.together)
        harness.reply(try harness.tasks(worker).map(\.number), hits, from: worker)
        let sent = harness.take(client).filter {
            ![.accepted, .welcome].contains($0.header.command)
        }
        #expect(sent.map(\.header.command) == [.results, .done, .results, .done])
        #expect(sent.allSatisfy { ($0.header.codec == .json) == json })
        let answers = try sent.filter { $0.header.command == .results }
            .flatMap { try $0.meta(WireResults.self).answers }
        #expect(answers.map(\.request) == [1, 1, 2])
        #expect(answers.map(\.index) == [0, 1, 0])
        for answer in answers {
            #expect(answer.hits.hits.map(\.id) == ["d1", "d2"])
            #expect(answer.hits.hits.map(\.score) == [2, 1])
            #expect(answer.hits.hits.map(\.index) == ["i", "i"])
            #expect(answer.meta.totalHits == 2 && answer.meta.coverage.ok == 1)
        }
        #expect(harness.isEmpty)
    }

    @Test func `without DONE the answers of several requests are one message`() throws {
        let worker = harness.worker("w")
        let client = harness.client()
        for request in 1...3 {
            harness.submit(["a", "b"], as: UInt64(request), from: client) {
                Self.together(&$0)
                $0.withoutDone = true
            }
        }
        harness.reply(try harness.tasks(worker).map(\.number), hits, from: worker)
        let answers = try taken(client)
        #expect(answers.count == 1)
        #expect(answers.first?.map(\.request) == [1, 1, 2, 2, 3, 3])
        #expect(harness.isEmpty)
    }

    @Test func `the answer is the one that RESULT would have`() throws {
        let workers = (0..<3).map { harness.worker("w\($0)", of: 3, shards: [UInt32($0)]) }
        let client = harness.client()
        func answer(together: Bool) throws {
            harness.submit(["a b"], as: together ? 1 : 2, from: client) {
                $0.documents = .none
                $0.limit = 5
                $0.offset = 1
                $0.resultsTogether = together
            }
            for (shard, worker) in workers.enumerated() {
                let hits = (0..<3).map { rank in
                    TestHit(
                        id: shard == 1 ? "ü\(rank)" : "d\(shard)\(rank)",
                        score: Float(9 - rank * (shard + 1)), key: UInt64(rank))
                }
                harness.reply(try harness.tasks(worker).map(\.number), hits, from: worker)
            }
        }
        try answer(together: true)
        let packed = try #require(try taken(client).first?.first)
        try answer(together: false)
        let single = try #require(harness.take(client, .result).first)
        var meta: WireResultMeta = try single.meta()
        meta.tookUs = packed.meta.tookUs
        #expect(packed.meta == meta)
        #expect(packed.hits == (try single.body(0)))
        #expect(packed.hits.hits.count == 5 && !packed.meta.next.isEmpty)
    }

    @Test func `answers in order stay in order, failures among them`() throws {
        let worker = harness.worker("w")
        let client = harness.client()
        harness.submit(["a", "b", "field:", "c"], from: client) {
            Self.together(&$0)
            $0.order = .submission
        }
        let tasks = try harness.tasks(worker).map(\.number)
        harness.reply([tasks[2], tasks[1]], hits, from: worker)
        #expect(try taken(client).isEmpty)
        harness.reply([tasks[0]], hits, from: worker)
        let sent = harness.take(client).filter {
            ![.accepted, .welcome].contains($0.header.command)
        }
        #expect(sent.map(\.header.command) == [.results, .failed, .results, .done])
        let first: WireResults = try sent[0].meta()
        let last: WireResults = try sent[2].meta()
        #expect(first.answers.map(\.index) == [0, 1] && last.answers.map(\.index) == [3])
        #expect(sent[1].header.index == 2)
        #expect(harness.isEmpty)
    }

    @Test func `equal items get an answer each`() throws {
        let worker = harness.worker("w")
        let client = harness.client()
        harness.submit(["a", "b", "a", "a"], from: client, Self.together)
        let tasks = try harness.tasks(worker)
        #expect(tasks.count == 2)
        harness.reply(tasks.map(\.number), hits, from: worker)
        let answers = try taken(client).flatMap { $0 }
        #expect(answers.map(\.index).sorted() == [0, 1, 2, 3])
        #expect(answers.allSatisfy { $0.hits.hits.count == 2 })
        #expect(harness.isEmpty)
    }

    @Test func `an answer with documents is a RESULT all the same`() throws {
        let worker = harness.worker("w")
        let client = harness.client()
        harness.submit(["a"], from: client) { $0.resultsTogether = true }
        let task = try #require(try harness.tasks(worker).first)
        harness.reply([task.number], hits, documents: ["{}", "{}"], from: worker)
        #expect(try harness.results(client).map(\.documents) == ["[{},{}]"])
        #expect(harness.isEmpty)
    }

    @Test func `each answer takes one from the window`() throws {
        let worker = harness.worker("w")
        let client = harness.client(window: 2)
        harness.submit(distinct("a", 5), from: client, Self.together)
        for expected in [2, 2, 1] {
            let tasks = try harness.tasks(worker)
            #expect(tasks.count == expected)
            harness.reply(tasks.map(\.number), hits, from: worker)
            #expect(try taken(client).flatMap { $0 }.count == expected)
            #expect(try harness.tasks(worker).isEmpty)
            harness.credit(UInt32(expected), from: client)
        }
        #expect(harness.isEmpty)
    }

    @Test func `a message of answers is not much larger than a chunk`() throws {
        let harness = BrokerHarness { $0.resultChunkBytes = 60 }
        let worker = harness.worker("w")
        let client = harness.client()
        harness.submit(distinct("a", 4), from: client, Self.together)
        harness.reply(try harness.tasks(worker).map(\.number), [hits[0]], from: worker)
        let counts = try harness.take(client, .results).map {
            try $0.meta(WireResults.self).answers.count
        }
        #expect(counts == [2, 2])
    }

    @Test func `a client that has gone is sent nothing of its answers`() throws {
        let worker = harness.worker("w")
        let client = harness.client()
        harness.submit(["a", "b"], from: client, Self.together)
        let tasks = try harness.tasks(worker).map(\.number)
        harness.endsTurns = false
        harness.reply([tasks[0]], hits, from: worker)
        harness.deliver(Header(.goodbye, epoch: 7), WireGoodbye(), from: client)
        harness.reply([tasks[1]], hits, from: worker)
        harness.endTurn()
        #expect(try taken(client).isEmpty)
        #expect(harness.isEmpty)
    }

    @Test func `a client that has come anew is sent nothing of what it asked before`() throws {
        let worker = harness.worker("w")
        let client = harness.client()
        harness.submit(["a"], from: client) {
            Self.together(&$0)
            $0.withoutDone = true
        }
        let task = try #require(try harness.tasks(worker).first)
        harness.endsTurns = false
        harness.reply([task.number], hits, from: worker)
        var hello = WireHello()
        hello.role = .client
        hello.name = "c"
        harness.deliver(Header(.hello, epoch: 8), hello, from: client)
        harness.endTurn()
        #expect(try taken(client).isEmpty)
        #expect(harness.isEmpty)
    }

    @Test func `answers in both encodings are messages of their own`() throws {
        let worker = harness.worker("w")
        let client = harness.client()
        for (request, json) in [(1, false), (2, true), (3, false)] {
            harness.submit(["a"], as: UInt64(request), from: client, json: json) {
                Self.together(&$0)
                $0.withoutDone = true
            }
        }
        harness.reply(try harness.tasks(worker).map(\.number), hits, from: worker)
        let sent = harness.take(client, .results)
        #expect(sent.map(\.header.codec) == [.protobuf, .json, .protobuf])
        #expect(
            try sent.map { try $0.meta(WireResults.self).answers.map(\.request) } == [
                [1], [2], [3],
            ])
        #expect(harness.isEmpty)
    }

    @Test func `DONE for a SUBMIT that comes again is behind the answers`() throws {
        let worker = harness.worker("w")
        let client = harness.client()
        func submit(_ texts: [String]) {
            harness.submit(texts, from: client) {
                Self.together(&$0)
                $0.withoutDone = true
            }
        }
        submit(["a", "b"])
        let tasks = try harness.tasks(worker).map(\.number)
        _ = harness.take(client)
        harness.endsTurns = false
        harness.reply([tasks[0]], hits, from: worker)
        // The same, while it is in progress; then another one with its id.
        submit(["a", "b"])
        harness.reply([tasks[1]], hits, from: worker)
        submit(["a", "b"])
        harness.endTurn()
        let sent = harness.take(client).map(\.header.command)
        #expect(sent == [.results, .accepted, .results, .done])
        #expect(harness.isEmpty)
    }

    @Test func `a refusal is behind the answers of its client`() throws {
        let worker = harness.worker("w")
        let client = harness.client()
        harness.submit(["a", "b"], from: client, Self.together)
        let tasks = try harness.tasks(worker).map(\.number)
        _ = harness.take(client)
        harness.endsTurns = false
        harness.reply([tasks[0]], hits, from: worker)
        harness.submit(["other"], from: client, Self.together)
        harness.endTurn()
        #expect(harness.take(client).map(\.header.command) == [.results, .failed])
    }
}
