import Testing
import WireProtocol

@testable import ClusterCore

/// Which of the items that wait for a worker is served next, and which are refused at once.
struct BrokerOrderTests {
    private let harness = BrokerHarness()

    /// Answers one task after the other; the words searched for, without numbers, as they came.
    private func serve(_ worker: PeerID, _ count: Int, every: Duration = .zero) throws -> [String] {
        var words: [String] = []
        for _ in 0..<count {
            let tasks = try harness.tasks(worker)
            words += tasks.map { $0.query.term.term.filter { !$0.isNumber } }
            harness.reply(tasks.map(\.number), from: worker)
            if every > .zero { harness.advance(every) }
        }
        return words
    }

    @Test func `higher priorities go first`() throws {
        let worker = harness.worker("w", window: 1)
        let client = harness.client()
        harness.submit(["running"], as: 1, from: client)
        harness.submit(["low"], as: 2, from: client, priority: 0)
        harness.submit(["middle"], as: 3, from: client)
        harness.submit(["high"], as: 4, from: client, priority: 9)
        #expect(try serve(worker, 4) == ["running", "high", "middle", "low"])
    }

    @Test func `a lower priority is overtaken by 64 items of a client for each step`() throws {
        let worker = harness.worker("w", window: 1)
        let (one, two) = (harness.client("one"), harness.client("two", session: 8))
        harness.submit(["low"], from: one, priority: 4)
        harness.submit(distinct("high", 300), from: two, session: 8)
        _ = try serve(worker, 1)
        harness.submit(["lower"], as: 2, from: one, priority: 3)
        var words: [String] = []
        for _ in 0..<300 {
            words += try serve(worker, 1)
            harness.credit(1, from: two)
        }
        #expect(try #require(words.firstIndex(of: "lower")) / 64 == 2)
    }

    @Test func `before they are started, each second waited counts as one more`() throws {
        let worker = harness.worker("w", window: 1)
        let client = harness.client(window: 1)
        harness.submit(["running"], as: 1, from: client)
        harness.submit(["old"], as: 2, from: client, priority: 3)
        harness.advance(.milliseconds(1_900))
        harness.submit(["new"], as: 3, from: client, priority: 6)
        harness.advance(.milliseconds(2_200))
        harness.submit(["newer"], as: 4, from: client, priority: 6)
        var words: [String] = []
        for _ in 0..<4 {
            words += try serve(worker, 1)
            harness.credit(1, from: client)
        }
        #expect(words == ["running", "new", "old", "newer"])
    }

    @Test func `clients take turns, however much one of them wants`() throws {
        let worker = harness.worker("w", window: 1)
        let (one, two) = (harness.client("one"), harness.client("two", session: 8))
        harness.submit(distinct("many", 20), from: one)
        harness.submit(["a", "b", "c"], from: two, session: 8)
        let words = try serve(worker, 23)
        #expect(words.prefix(6) == ["many", "a", "many", "b", "many", "c"])
        #expect(words.count == 23)
    }

    @Test func `nobody saves up turns by sending nothing`() throws {
        let worker = harness.worker("w", window: 1)
        let (one, two) = (harness.client("one"), harness.client("two", session: 8))
        harness.submit(distinct("x", 30), as: 1, from: one)
        _ = try serve(worker, 30)
        harness.submit(distinct("x", 4), as: 2, from: one)
        harness.submit(distinct("y", 4), from: two, session: 8)
        let words = try serve(worker, 8)
        #expect(words == ["x", "y", "x", "y", "x", "y", "x", "y"])
    }

    @Test func `of one client's items the earlier deadline goes first`() throws {
        let harness = self.harness
        let worker = harness.worker("w", window: 1)
        let client = harness.client(window: 2)
        harness.submit(["running", "next"], as: 1, from: client)
        harness.submit(["later"], as: 2, from: client, budget: 9_000)
        harness.submit(["sooner"], as: 3, from: client, budget: 2_000)
        var words: [String] = []
        for _ in 0..<4 {
            words += try serve(worker, 1)
            harness.credit(1, from: client)
        }
        #expect(words == ["running", "next", "sooner", "later"])
    }

    /// A worker that takes 50 ms for each of many tasks.
    private func overload(_ client: PeerID) throws -> PeerID {
        let worker = harness.worker("w", window: 1)
        for request in 1...3 {
            harness.submit(
                distinct("x", 100), as: UInt64(request), from: client, budget: 60_000
            )
        }
        _ = try serve(worker, 80, every: .milliseconds(50))
        _ = harness.take(client)
        return worker
    }

    @Test func `what would only be started after its deadline is BUSY at once, with a time`() throws
    {
        let client = harness.client(window: 4_096)
        _ = try overload(client)
        harness.submit(["late"], as: 9, from: client, budget: 3_000)
        let failure = try #require(try harness.failures(client).first)
        #expect(failure.code == .busy)
        #expect(failure.retryable)
        // 220 tasks of 50 ms wait, less the budget; within what a second's answers tell.
        #expect(5_000...9_000 ~= failure.retryAfterMs)
        harness.submit(["in time"], as: 10, from: client, budget: 30_000)
        harness.advance(.milliseconds(2))
        #expect(harness.take(client, .accepted).count == 1)
    }

    @Test func `what a client's window keeps waiting delays what it sends later`() throws {
        let client = harness.client(window: 20)
        _ = try overload(client)
        // Of 300 items 80 are done; few more are started than the window has room for.
        var credit = WireCredit()
        credit.results = 20
        harness.deliver(Header(.credit, epoch: 7), credit, from: client)
        harness.submit(["late"], as: 9, from: client, budget: 3_000)
        #expect(try harness.failures(client).map(\.code) == [.busy])
        harness.submit(["urgent"], as: 10, from: client, budget: 3_000, priority: 9)
        harness.advance(.milliseconds(2))
        #expect(harness.take(client, .accepted).count == 1)
    }

    @Test func `a queue that somebody else waits in delays only who is behind it`() throws {
        let client = harness.client(window: 4_096)
        _ = try overload(client)
        let other = harness.client("other", session: 8)
        harness.submit(["turn"], from: other, budget: 3_000, session: 8)
        harness.advance(.milliseconds(2))
        #expect(harness.take(other, .accepted).count == 1)
        harness.submit(["urgent"], as: 9, from: client, budget: 3_000, priority: 9)
        harness.advance(.milliseconds(2))
        #expect(harness.take(client, .accepted).count == 1)
    }

    @Test func `tasks are tried again after BUSY for a tenth of all tasks only`() throws {
        let worker = harness.worker("w", window: 256)
        let client = harness.client(window: 4_096)
        var again = 0
        for request in 1...20 {
            harness.submit(distinct("x", 100), as: UInt64(request), from: client)
            var tasks = try harness.tasks(worker).map(\.number)
            var first = true
            while !tasks.isEmpty {
                if !first { again += tasks.count }
                first = false
                for task in tasks { harness.fail(task, .busy, from: worker) }
                harness.advance(.milliseconds(50))
                tasks = try harness.tasks(worker).map(\.number)
            }
        }
        #expect(try harness.failures(client).allSatisfy { $0.code == .busy })
        #expect(100...300 ~= again)
        #expect(harness.isEmpty)
    }

    @Test(arguments: [0, 16])
    func `all that a worker refuses because it drains goes to another, whatever retries are left`(
        maxRetries: Int
    ) throws {
        let harness = BrokerHarness { $0.configuration.maxRetries = maxRetries }
        let leaving = harness.worker("leaving")
        let client = harness.client(window: 4_096)
        harness.submit(distinct("x", 200), from: client)
        let tasks = try harness.tasks(leaving).map(\.number)
        #expect(tasks.count == 200)
        let staying = harness.worker("staying")
        harness.tell(.drain, from: leaving)
        for task in tasks { harness.fail(task, .busy, from: leaving) }
        let again = try harness.tasks(staying).map(\.number)
        #expect(again.count == 200)
        harness.reply(again, from: staying)
        #expect(try harness.done(client).map(\.completed) == [200])
        #expect(harness.isEmpty)
    }
}
