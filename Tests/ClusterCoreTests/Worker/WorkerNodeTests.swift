import SearchIndex
import TestSupport
import Testing
import WireProtocol

@testable import ClusterCore

/// A worker between brokers that exist only as lists of messages.
final class WorkerHarness {
    var node: WorkerNode
    private(set) var now = MonotonicInstant(nanoseconds: 1_000_000_000)
    private(set) var actions: [WorkerAction] = []
    let link = BrokerLink(position: 0)
    /// Whether each message is a turn of its own.
    var endsTurns = true

    init(slots: Int = 2, _ change: (inout WorkerSettings) -> Void = { _ in }) {
        var settings = WorkerSettings(
            name: "w", pool: "p", incarnation: 5, pid: 1, host: "h", slots: slots,
            indexes: [BrokerHarness.index(of: 2, shards: [0, 1])], brokerCount: 1)
        change(&settings)
        node = WorkerNode(settings: settings, now: now, random: SeededRandom(seed: 1))
    }

    func endTurn() {
        node.endTurn(at: now)
        actions += node.takeActions()
    }

    func advance(_ duration: Duration) {
        now = now + duration
        endTurn()
    }

    func deliver(_ header: Header, _ meta: some WireBody, body: [Frame] = []) {
        let message = WireMessage(header, frames: [header.codec.encodeOwn(meta)] + body)
        node.receive(message.encoded(), on: link, at: now)
        if endsTurns { endTurn() } else { actions += node.takeActions() }
    }

    func join(epoch: UInt64 = 77) {
        endTurn()
        var welcome = WireWelcome()
        welcome.epoch = epoch
        welcome.pingMs = 250
        deliver(Header(.welcome), welcome)
    }

    /// A CALL of some tasks on shard 0.
    func call(
        _ numbers: [UInt64], build: String = "b", generation: UInt64 = 1, epoch: UInt64 = 77,
        query: Frame? = nil, documents: UInt64 = 0, _ change: (inout WireTask) -> Void = { _ in }
    ) {
        var meta = WireCallMeta()
        if documents > 0 { meta.statistics.documents = documents }
        meta.index = "i"
        meta.buildID = build
        meta.tasks = numbers.map { number in
            var task = WireTask()
            task.task = number
            task.generation = generation
            task.k = 10
            task.budgetMs = 1_000
            change(&task)
            return task
        }
        var queries = ProtobufWriter(capacity: 0)
        queries.append(1, present: query ?? Query.matchAll(boost: 1).encoded)
        deliver(Header(.call, epoch: epoch), meta, body: [queries.frame])
    }

    func finish(_ job: WorkerJob, documents: [[UInt8]] = [], elapsed: Duration = .milliseconds(1)) {
        let answer = ShardAnswer(
            hits: [FoundHit(RankedHit(score: 1, orderKey: OrderKey(0), id: [65]))],
            total: TotalHits(count: 1, isExact: true), coveredDocuments: 1,
            documents: documents.map { FormedHit(document: $0) })
        node.finished(job.id, .hits(answer), elapsed: elapsed, at: now)
    }

    func take() -> [WorkerAction] {
        defer { actions = [] }
        return actions
    }

    /// Takes the messages sent with a command; other messages are dropped.
    func sent(_ command: Command) -> [WireMessage] {
        take().compactMap { action in
            guard case .send(let frames, _) = action else { return nil }
            return try? WireMessage.decode(frames)
        }.filter { $0.header.command == command }
    }

    func jobs() -> [WorkerJob] {
        take().compactMap { if case .run(let job) = $0 { job } else { nil } }
    }

    func failures() throws -> [WireTaskFailure] {
        try sent(.callFailed).flatMap { message in
            let meta: WireCallFailed = try message.meta()
            return meta.tasks
        }
    }
}

struct WorkerNodeTests {
    @Test func `HELLO names what is served, and PING follows a quarter of a second of silence`()
        throws
    {
        let bench = WorkerHarness()
        bench.endTurn()
        let hello: WireHello = try #require(bench.sent(.hello).first).meta()
        #expect(hello.role == .worker && hello.indexes.count == 1 && hello.window == 3)
        bench.join()
        _ = bench.take()
        bench.advance(.milliseconds(240))
        #expect(bench.sent(.ping).isEmpty)
        bench.advance(.milliseconds(10))
        let ping = try #require(bench.sent(.ping).first)
        #expect(ping.header.epoch == 77)
    }

    @Test func `a task of another build or generation is NOT_FOUND`() throws {
        let bench = WorkerHarness()
        bench.join()
        _ = bench.take()
        bench.call([1], build: "other")
        bench.call([2], generation: 9)
        #expect(try bench.failures().map(\.code) == [.notFound, .notFound])
        #expect(bench.node.jobs.isEmpty)
    }

    @Test func `a query frame that cannot be read fails its task, which is answered`() throws {
        let bench = WorkerHarness()
        bench.join()
        _ = bench.take()
        bench.call([1, 2], query: [0xFF, 0xFF])
        #expect(try bench.failures().map(\.code) == [.badRequest, .badRequest])
    }

    @Test func `more tasks than it holds are BUSY`() throws {
        let bench = WorkerHarness { $0.maxTasks = 2 }
        bench.join()
        _ = bench.take()
        bench.call([1, 2, 3])
        let failures = try bench.failures()
        #expect(failures.map(\.task) == [3] && failures.map(\.code) == [.busy])
    }

    @Test func `answers that are ready together travel together`() throws {
        let bench = WorkerHarness()
        bench.join()
        _ = bench.take()
        bench.call([1, 2])
        for job in bench.jobs() { bench.finish(job) }
        bench.endTurn()
        let replies = bench.sent(.reply)
        #expect(replies.count == 1)
        let meta: WireReplyMeta = try #require(replies.first).meta()
        #expect(meta.tasks.map(\.task) == [1, 2] && meta.window > 0)
        #expect(bench.node.jobs.isEmpty && bench.node.jobOfTask.isEmpty)
    }

    @Test func `a REPLY ends where it would become too large`() {
        let bench = WorkerHarness { $0.maxReplyBytes = 100 }
        bench.join()
        _ = bench.take()
        bench.call([1, 2, 3])
        for job in bench.jobs() { bench.finish(job, documents: [Array(repeating: 1, count: 90)]) }
        bench.endTurn()
        #expect(bench.sent(.reply).count == 3)
    }

    @Test func `an answer with too many octets of documents is TOO_LARGE`() throws {
        let bench = WorkerHarness { $0.maxDocumentBytes = 100 }
        bench.join()
        _ = bench.take()
        bench.call([1])
        for job in bench.jobs() { bench.finish(job, documents: [Array(repeating: 1, count: 101)]) }
        bench.endTurn()
        #expect(try bench.failures().map(\.code) == [.tooLarge])
    }

    @Test func `CANCEL reaches the job, and unknown tasks are ignored`() {
        let bench = WorkerHarness()
        bench.join()
        _ = bench.take()
        bench.call([1, 2])
        let jobs = bench.jobs()
        var cancel = WireCancel()
        cancel.tasks = [2, 99]
        bench.deliver(Header(.cancel, epoch: 77), cancel)
        let cancelled = bench.take().compactMap { if case .cancel(let id) = $0 { id } else { nil } }
        #expect(cancelled == [jobs[1].id])
    }

    @Test func `the window covers a millisecond of its own service time`() {
        let bench = WorkerHarness(slots: 2)
        bench.join()
        #expect(bench.node.window == 3)
        for (elapsed, number) in [(Duration.microseconds(10), 1), (.seconds(1), 2)] {
            bench.call([UInt64(number)])
            for job in bench.jobs() { bench.finish(job, elapsed: elapsed) }
            #expect(bench.node.window == (number == 1 ? 201 : 3))
        }
    }

    @Test func `of short tasks the window has room for two answers that share a message`() {
        for (elapsed, window) in [(Duration.milliseconds(2), 5), (.milliseconds(6), 3)] {
            let bench = busyHarness(elapsed: elapsed)
            #expect(bench.node.window == window)
        }
    }

    /// A worker with two threads and four tasks, which has learned how long tasks take.
    private func busyHarness(elapsed: Duration) -> WorkerHarness {
        let bench = WorkerHarness(slots: 2)
        bench.join()
        bench.call([1])
        for job in bench.jobs() { bench.finish(job, elapsed: elapsed) }
        bench.endTurn()
        _ = bench.take()
        bench.call([2, 3, 4, 5, 6])
        return bench
    }

    @Test func `an answer waits for another while no thread is idle, and not for long`() throws {
        let bench = busyHarness(elapsed: .milliseconds(2))
        let jobs = bench.jobs()
        bench.finish(jobs[0], elapsed: .milliseconds(2))
        bench.advance(.microseconds(4_900))
        #expect(bench.sent(.reply).isEmpty)
        #expect(bench.node.nextDeadline <= bench.now + .microseconds(5_000))
        bench.advance(.microseconds(5_000))
        #expect(bench.sent(.reply).count == 1, "nothing came in time")
        bench.finish(jobs[1], elapsed: .milliseconds(2))
        bench.endTurn()
        #expect(bench.sent(.reply).count == 1, "a thread has no next task")
    }

    @Test func `an answer does not wait beyond its task's deadline`() {
        let bench = busyHarness(elapsed: .milliseconds(2))
        let jobs = bench.jobs()
        bench.advance(.milliseconds(998))
        _ = bench.take()
        bench.finish(jobs[0], elapsed: .milliseconds(2))
        bench.advance(.microseconds(1_900))
        #expect(bench.sent(.reply).isEmpty)
        bench.advance(.microseconds(100))
        #expect(bench.sent(.reply).count == 1)
    }

    @Test func `two answers share a message, and a failure waits for none`() throws {
        let bench = busyHarness(elapsed: .milliseconds(2))
        let jobs = bench.jobs()
        bench.finish(jobs[0], elapsed: .milliseconds(2))
        bench.endTurn()
        #expect(bench.sent(.reply).isEmpty)
        bench.finish(jobs[1], elapsed: .milliseconds(2))
        bench.endTurn()
        let reply: WireReplyMeta = try #require(bench.sent(.reply).first).meta()
        #expect(reply.tasks.map(\.task) == [2, 3])
        #expect(reply.window == 5 && reply.running == 2 && reply.queued == 1)
        bench.call([7])
        bench.node.finished(
            jobs[2].id, .failed(.cancelled, ""), elapsed: .zero, at: bench.now)
        bench.endTurn()
        #expect(try bench.failures().map(\.task) == [4])
    }

    @Test func `the answers of long tasks do not wait`() {
        let long = busyHarness(elapsed: .milliseconds(6))
        long.finish(long.jobs()[0], elapsed: .milliseconds(6))
        long.endTurn()
        #expect(long.sent(.reply).count == 1)
    }

    @Test func `draining: no new CALL, but FETCH, then GOODBYE and the end`() throws {
        let bench = WorkerHarness()
        bench.join()
        _ = bench.take()
        bench.call([1])
        let first = bench.jobs()
        bench.node.drain(at: bench.now)
        bench.endTurn()
        #expect(bench.sent(.drain).count == 1)
        bench.call([2])
        #expect(try bench.failures().map(\.code) == [.busy])
        var fetch = WireFetchTask()
        fetch.task = 3
        fetch.generation = 1
        fetch.orderKeys = [0]
        var meta = WireFetchMeta()
        meta.index = "i"
        meta.buildID = "b"
        meta.tasks = [fetch]
        bench.deliver(Header(.fetch, epoch: 77), meta)
        let second = bench.jobs()
        #expect(second.count == 1)
        bench.node.finished(
            second[0].id, .documents([FormedHit(document: [1])]), elapsed: .zero, at: bench.now)
        bench.finish(first[0])
        bench.endTurn()
        let actions = bench.take()
        let commands = actions.compactMap { action -> Command? in
            guard case .send(let frames, _) = action else { return nil }
            return try? WireMessage.decode(frames).header.command
        }
        #expect(commands == [.reply, .fetched, .goodbye])
        #expect(actions.contains { if case .finished = $0 { true } else { false } })
    }

    @Test func `draining before WELCOME: GOODBYE of no epoch, so that the session ends`() throws {
        let bench = WorkerHarness()
        bench.endTurn()
        #expect(bench.sent(.hello).count == 1)
        bench.node.drain(at: bench.now)
        bench.endTurn()
        let goodbye = try #require(bench.sent(.goodbye).first)
        #expect(goodbye.header.epoch == 0)
    }

    @Test func `UNKNOWN_PEER means HELLO again, and the old tasks are forgotten`() {
        let bench = WorkerHarness()
        bench.join()
        _ = bench.take()
        bench.call([1])
        let jobs = bench.jobs()
        bench.deliver(Header(.unknownPeer, epoch: 77), WireUnknownPeer())
        #expect(bench.sent(.hello).count == 1)
        bench.join()
        bench.finish(jobs[0])
        bench.endTurn()
        #expect(bench.sent(.reply).isEmpty, "also when the broker's epoch is the same")
        #expect(bench.node.jobs.isEmpty)
    }

    @Test func `a CALL of another epoch is dropped`() {
        let bench = WorkerHarness()
        bench.join()
        _ = bench.take()
        bench.call([1], epoch: 76)
        #expect(bench.jobs().isEmpty)
    }

    @Test func `a silent broker is left for a new socket, after longer and longer waits`() {
        let bench = WorkerHarness()
        bench.join()
        _ = bench.take()
        bench.advance(.seconds(3))
        var waits: [Duration] = []
        for _ in 0..<8 {
            #expect(bench.take().contains { if case .reconnect = $0 { true } else { false } })
            let wait = bench.now.duration(to: bench.node.links[0].connection.nextDeadline)
            waits.append(wait)
            bench.advance(wait)
            #expect(bench.sent(.hello).count == 1)
            bench.advance(.seconds(3))
        }
        for (position, wait) in waits.enumerated() {
            let full = min(Duration.milliseconds(100) * (1 << position), .seconds(5))
            #expect(wait >= full / 2 && wait <= full)
        }
    }

    @Test func `a blocked send leads to HELLO again soon`() {
        let bench = WorkerHarness()
        bench.join()
        bench.node.sendBlocked(on: bench.link, at: bench.now)
        _ = bench.take()
        bench.advance(.milliseconds(10))
        #expect(bench.sent(.hello).count == 1)
    }

    @Test func `health is published each second, and soon after a change, never within 100 ms`() {
        let bench = WorkerHarness()
        var published: [MonotonicInstant] = []
        for step in 0..<400 {
            if step == 3 { bench.join() }
            bench.advance(.milliseconds(10))
            for action in bench.take() {
                if case .publish = action { published.append(bench.now) }
            }
        }
        let gaps = zip(published, published.dropFirst()).map { $0.duration(to: $1) }
        #expect(published.count >= 4)
        #expect(gaps.allSatisfy { $0 >= .milliseconds(100) && $0 <= .seconds(1) })
        #expect(gaps.first == .milliseconds(100))
    }
}
