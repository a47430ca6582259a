import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

/// Batches: answers in the order of the items, and equal items searched once.
struct BrokerBatchTests {
    private let harness = BrokerHarness()

    /// The indexes and ids of the hits of the RESULTs a client was sent.
    private func answers(_ client: PeerID) throws -> [(index: UInt32, ids: [String])] {
        try harness.take(client, .result).map { message in
            let hits: WireHits = try message.body(0)
            return (message.header.index, hits.hits.map(\.id))
        }
    }

    private func inOrder(_ submit: inout WireSubmit) {
        submit.documents = .none
        submit.order = .submission
    }

    @Test func `sixty-four items, or tasks answered, are enough for a turn`() throws {
        let worker = harness.worker("w", window: 64)
        let client = harness.client()
        harness.endsTurns = false
        harness.submit(distinct("a", 40), as: 1, from: client)
        #expect(!harness.hasEnoughForTurn)
        harness.submit(distinct("b", 24), as: 2, from: client)
        #expect(harness.hasEnoughForTurn)
        harness.endTurn()
        #expect(!harness.hasEnoughForTurn)
        let tasks = try harness.tasks(worker).map(\.number)
        harness.reply(Array(tasks.prefix(63)), from: worker)
        #expect(!harness.hasEnoughForTurn)
        harness.reply(Array(tasks.suffix(1)), from: worker)
        #expect(harness.hasEnoughForTurn)
    }

    @Test
    func `a client that counts its answers gets no DONE, but one for a SUBMIT that comes again`()
        throws
    {
        let worker = harness.worker("w")
        let client = harness.client()
        func submit() {
            harness.submit(["a", "b"], from: client) {
                $0.documents = .none
                $0.withoutDone = true
            }
        }
        submit()
        harness.reply(try harness.tasks(worker).map(\.number), from: worker)
        #expect(harness.take(client, .result).count == 2)
        #expect(try harness.done(client).isEmpty && harness.isEmpty)
        submit()
        #expect(try harness.done(client).map(\.completed) == [2])
        #expect(harness.take(client, .result).isEmpty)
    }

    @Test func `answers come in the order of the items when that is asked`() throws {
        let worker = harness.worker("w")
        let client = harness.client()
        harness.submit(["a", "b", "field:", "c"], from: client, inOrder)
        let tasks = try harness.tasks(worker).map(\.number)
        harness.reply([tasks[2]], from: worker)
        harness.reply([tasks[1]], from: worker)
        #expect(harness.take(client).allSatisfy { $0.header.command != .result })
        harness.reply([tasks[0]], from: worker)
        let sent = harness.take(client)
        #expect(sent.map(\.header.command) == [.result, .result, .failed, .result, .done])
        #expect(sent.dropLast().map(\.header.index) == [0, 1, 2, 3])
        #expect(harness.isEmpty)
    }

    @Test func `an early answer holds its place in the client's window`() throws {
        let worker = harness.worker("w")
        let client = harness.client(window: 2)
        harness.submit(["a", "b", "c"], from: client, inOrder)
        let tasks = try harness.tasks(worker).map(\.number)
        #expect(tasks.count == 2)
        harness.reply([tasks[1]], from: worker)
        #expect(try harness.tasks(worker).isEmpty)
        harness.reply([tasks[0]], from: worker)
        #expect(try answers(client).map(\.index) == [0, 1])
        #expect(try harness.tasks(worker).isEmpty)
        harness.credit(2, from: client)
        harness.reply(try harness.tasks(worker).map(\.number), from: worker)
        #expect(try answers(client).map(\.index) == [2])
        #expect(try harness.done(client).map(\.completed) == [3])
        #expect(harness.isEmpty)
    }

    @Test func `cancelling a batch in order ends all of it, in order`() throws {
        let worker = harness.worker("w")
        let client = harness.client()
        harness.submit(["a", "b", "c"], from: client, inOrder)
        let tasks = try harness.tasks(worker).map(\.number)
        harness.reply([tasks[1]], from: worker)
        _ = harness.take(client)
        harness.cancel(1, from: client)
        let sent = harness.take(client)
        #expect(sent.map(\.header.command) == [.failed, .failed, .failed, .done])
        #expect(sent.dropLast().map(\.header.index) == [0, 1, 2])
        harness.reply([tasks[0], tasks[2]], from: worker)
        #expect(harness.isEmpty)
    }

    @Test func `a client that goes with answers held leaves nothing`() throws {
        let worker = harness.worker("w")
        let client = harness.client()
        harness.submit(["a", "b", "b"], from: client, inOrder)
        let tasks = try harness.tasks(worker).map(\.number)
        harness.reply([tasks[1]], from: worker)
        harness.unreachable(client)
        harness.reply([tasks[0]], from: worker)
        #expect(harness.isEmpty)
    }

    @Test func `equal items of a batch are searched once and all answered`() throws {
        let worker = harness.worker("w")
        let client = harness.client()
        harness.submit(["a", "b", "a", "a", "b"], from: client)
        let tasks = try harness.tasks(worker)
        #expect(tasks.map(\.query.term.term) == ["a", "b"])
        harness.reply([tasks[0].number], [TestHit(id: "x", key: 1)], from: worker)
        harness.reply([tasks[1].number], [TestHit(id: "y", key: 1)], from: worker)
        let answers = try answers(client)
        #expect(answers.filter { $0.ids == ["x"] }.map(\.index) == [0, 2, 3])
        #expect(answers.filter { $0.ids == ["y"] }.map(\.index) == [1, 4])
        #expect(try harness.done(client).map(\.completed) == [5])
        #expect(harness.status.broker.itemsShared == 3)
        #expect(harness.status.broker.tasksSent == 2)
        #expect(harness.isEmpty)
    }

    @Test func `what the window holds back is answered without another search, too`() throws {
        let worker = harness.worker("w")
        let client = harness.client(window: 2)
        harness.submit(["a", "a", "a", "a", "a"], from: client)
        harness.reply(
            try harness.tasks(worker).map(\.number), [TestHit(id: "x", key: 1)], from: worker)
        #expect(try answers(client).map(\.index) == [0, 1])
        harness.credit(2, from: client)
        #expect(try answers(client).map(\.index) == [2, 3])
        harness.credit(2, from: client)
        #expect(try answers(client).map(\.index) == [4])
        #expect(try harness.done(client).map(\.completed) == [5])
        #expect(harness.status.broker.tasksSent == 1)
        #expect(harness.isEmpty)
    }

    @Test func `cancelling the one that is searched for leaves the others their answer`() throws {
        let worker = harness.worker("w")
        let client = harness.client()
        harness.submit(["a", "a", "a"], from: client)
        let first = try harness.tasks(worker).map(\.number)
        harness.cancel(1, item: 0, from: client)
        #expect(try harness.failures(client).map(\.code) == [.cancelled])
        let second = try harness.tasks(worker).map(\.number)
        #expect(second.count == 1)
        harness.reply(first + second, [TestHit(id: "x", key: 1)], from: worker)
        #expect(try answers(client).map(\.index) == [1, 2])
        #expect(harness.isEmpty)
    }

    @Test func `equal items fail together, each once`() throws {
        let worker = harness.worker("w")
        let client = harness.client()
        harness.submit(["a", "a"], from: client)
        harness.fail(try #require(try harness.tasks(worker).first).number, .internal, from: worker)
        let sent = harness.take(client)
        #expect(sent.filter { $0.header.command == .failed }.map(\.header.index) == [0, 1])
        #expect(harness.isEmpty)
    }

    // MARK: Past bugs: items that are held after a cancel

    @Test func `a waiting item that was cancelled in order is not started later`() throws {
        let worker = harness.worker("w")
        let client = harness.client(window: 1)
        harness.submit(["a", "b", "c"], from: client, inOrder)
        harness.cancel(1, item: 2, from: client)
        var words: [String] = []
        for _ in 0..<2 {
            let tasks = try harness.tasks(worker)
            words += tasks.map(\.query.term.term)
            harness.reply(tasks.map(\.number), from: worker)
            harness.credit(1, from: client)
        }
        #expect(words == ["a", "b"])
        let sent = harness.take(client).map(\.header.command)
        #expect(sent.suffix(4) == [.result, .result, .failed, .done])
        #expect(try harness.tasks(worker).isEmpty)
        #expect(harness.isEmpty)
    }

    @Test func `a cancelled follower stays cancelled, and the others still get their answer`()
        throws
    {
        let worker = harness.worker("w")
        let client = harness.client()
        harness.submit(["slow", "a", "a", "a"], from: client, inOrder)
        var tasks = try harness.tasks(worker)
        #expect(tasks.map(\.query.term.term) == ["slow", "a"])
        harness.cancel(1, item: 2, from: client)
        harness.cancel(1, item: 1, from: client)
        let again = try harness.tasks(worker)
        #expect(again.map(\.query.term.term) == ["a"])
        tasks += again
        harness.reply([tasks[0].number], from: worker)
        harness.reply([tasks[1].number, tasks[2].number], [TestHit(id: "x", key: 1)], from: worker)
        let sent = harness.take(client).filter { $0.header.command != .welcome }
        #expect(
            sent.map(\.header.command) == [.result, .failed, .failed, .result, .done])
        #expect(harness.isEmpty)
    }

    @Test func `the wait for a turn is not the time of an answer`() throws {
        let worker = harness.worker("w")
        let client = harness.client()
        var admin = WireAdmin()
        admin.configure.slowQueryMs = 500
        harness.deliver(Header(.admin, id: 9, epoch: 7), admin, from: client)
        _ = try harness.takeEvents()
        harness.submit(["slow", "fast"], from: client, inOrder)
        let tasks = try harness.tasks(worker).map(\.number)
        harness.reply([tasks[1]], from: worker)
        harness.advance(.seconds(1))
        harness.reply([tasks[0]], from: worker)
        let events = try harness.takeEvents()
        #expect(events.map(\.event.kind) == [.slowQuery])
        #expect(events.first?.event.text.hasSuffix("'slow'") == true)
    }

    @Test func `a task that outlives its item keeps nothing of what was asked`() throws {
        let worker = harness.worker("w")
        let client = harness.client()
        harness.submit(["a"], from: client)
        let number = try #require(try harness.tasks(worker).first).number
        harness.cancel(1, from: client)
        let task = try #require(harness.broker.tasks[TaskID(number: number)])
        #expect(task.item.hasEnded && task.item.settings == nil)
        #expect(task.item.parts.isEmpty && task.item.queryFrames.isEmpty)
    }
}
