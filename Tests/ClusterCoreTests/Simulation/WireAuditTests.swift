import Testing
import WireProtocol

@testable import ClusterCore

/// The audit of windows itself: what it lets pass, and what not.
struct WireAuditTests {
    private let worker = PeerID(link: .worker, routingID: [1])
    private let client = PeerID(link: .client, routingID: [2])
    private let now = MonotonicInstant(nanoseconds: 0)
    private static let epoch: UInt64 = 5

    private func frames(_ header: Header, _ meta: some WireBody = WirePing()) -> [Frame] {
        WireMessage(header, frames: [header.codec.encodeOwn(meta)]).encoded()
    }

    private func joined(window: UInt32) -> WireAudit {
        var audit = WireAudit(epoch: Self.epoch)
        var hello = WireHello()
        hello.window = window
        hello.resultWindow = window
        audit.received(frames(Header(.hello), hello), from: worker)
        audit.received(frames(Header(.hello, epoch: 7), hello), from: client)
        return audit
    }

    private func call(_ numbers: Range<UInt64>) -> [Frame] {
        var meta = WireCallMeta()
        meta.tasks = numbers.map { number in
            var task = WireTask()
            task.task = number
            return task
        }
        return frames(Header(.call, epoch: Self.epoch), meta)
    }

    @Test func `tasks beyond a worker's window are a violation, until some are answered`() {
        var audit = joined(window: 3)
        audit.sent(call(0..<3), to: worker, at: now)
        #expect(audit.takeViolations().isEmpty)
        audit.sent(call(3..<4), to: worker, at: now)
        #expect(audit.takeViolations().count == 1)
        var reply = WireReplyMeta()
        reply.tasks = (0..<2).map { number in
            var result = WireTaskResult()
            result.task = UInt64(number)
            return result
        }
        // The second copy makes no more room than the first.
        for _ in 0..<2 {
            audit.received(frames(Header(.reply, epoch: Self.epoch), reply), from: worker)
        }
        audit.sent(call(4..<5), to: worker, at: now)
        #expect(audit.takeViolations().isEmpty)
        audit.sent(call(5..<6), to: worker, at: now)
        #expect(audit.takeViolations().count == 1)
        #expect(audit.tasksSent == 6)
    }

    @Test func `a cancelled task that is not answered in time is a violation`() {
        var audit = joined(window: 3)
        audit.patience = .milliseconds(10)
        audit.sent(call(0..<2), to: worker, at: now)
        var cancel = WireCancel()
        cancel.tasks = [0, 1]
        audit.sent(frames(Header(.cancel, epoch: Self.epoch), cancel), to: worker, at: now)
        var failed = WireCallFailed()
        failed.tasks = [WireTaskFailure()]
        audit.received(frames(Header(.callFailed, epoch: Self.epoch), failed), from: worker)
        audit.checkCancellations(at: now + .milliseconds(10))
        #expect(audit.takeViolations().isEmpty)
        audit.checkCancellations(at: now + .milliseconds(11))
        #expect(audit.takeViolations().count == 1)
        // Task 0 has been answered; task 1 is cancelled twice.
        for _ in 0..<2 {
            audit.sent(frames(Header(.cancel, epoch: Self.epoch), cancel), to: worker, at: now)
        }
        #expect(audit.takeViolations().count == 1)
    }

    @Test func `a CALL to a worker that calls itself unhealthy is a violation, for ten seconds`() {
        var audit = joined(window: 3)
        func report(_ sequence: UInt64, _ grade: WireHealthGrade, at instant: MonotonicInstant) {
            var health = WireHealth()
            health.sequence = sequence
            health.grade = grade
            audit.receivedHealth([[]] + frames(Header(.health), health), at: instant)
        }
        report(2, .unhealthy, at: now)
        // It was sent before.
        report(1, .healthy, at: now)
        audit.sent(call(0..<1), to: worker, at: now + .milliseconds(9_999))
        #expect(audit.takeViolations().count == 1)
        audit.sent(call(1..<2), to: worker, at: now + .seconds(10))
        #expect(audit.takeViolations().isEmpty)
        report(3, .unhealthy, at: now + .seconds(10))
        report(4, .degraded, at: now + .seconds(11))
        audit.sent(call(2..<3), to: worker, at: now + .seconds(11))
        #expect(audit.takeViolations().isEmpty)
    }

    @Test func `fetches may exceed a worker's window by 64`() {
        var audit = joined(window: 1)
        var meta = WireFetchMeta()
        meta.tasks = (0..<65).map { number in
            var task = WireFetchTask()
            task.task = UInt64(number)
            return task
        }
        audit.sent(frames(Header(.fetch, epoch: Self.epoch), meta), to: worker, at: now)
        #expect(audit.takeViolations().isEmpty)
        meta.tasks = Array(meta.tasks.prefix(1))
        meta.tasks[0].task = 99
        audit.sent(frames(Header(.fetch, epoch: Self.epoch), meta), to: worker, at: now)
        #expect(audit.takeViolations().count == 1)
    }

    @Test func `RESULTs beyond a client's window are a violation, until CREDIT comes`() {
        var audit = joined(window: 2)
        func result(_ index: UInt32, isFinal: Bool = true) -> [Frame] {
            frames(Header(.result, flags: isFinal ? .final : [], epoch: 7, index: index))
        }
        audit.sent(result(0), to: client, at: now)
        // In pieces, of which the first one counts.
        for isFinal in [false, false, true] {
            audit.sent(result(1, isFinal: isFinal), to: client, at: now)
        }
        // Of an item that was never started, perhaps.
        audit.sent(
            frames(Header(.failed, flags: .final, epoch: 7, index: 2)), to: client, at: now)
        #expect(audit.takeViolations().isEmpty)
        audit.sent(result(3), to: client, at: now)
        #expect(audit.takeViolations().count == 1)
        var credit = WireCredit()
        credit.results = 2
        audit.received(frames(Header(.credit, epoch: 7), credit), from: client)
        audit.sent(result(4), to: client, at: now)
        #expect(audit.takeViolations().isEmpty)
        #expect(audit.answersInPieces == 1)
        #expect(audit.resultsSent == 6)
    }

    private func together(_ indexes: Range<UInt32>) -> [Frame] {
        var results = WireResults()
        results.answers = indexes.map { index in
            var answer = WireAnswer()
            answer.request = 1
            answer.index = index
            return answer
        }
        return frames(Header(.results, epoch: 7), results)
    }

    @Test func `each answer of a RESULTS takes one from the client's window`() {
        var audit = joined(window: 3)
        audit.sent(together(0..<3), to: client, at: now)
        #expect(audit.takeViolations().isEmpty)
        audit.sent(together(3..<4), to: client, at: now)
        #expect(audit.takeViolations().count == 1)
        var credit = WireCredit()
        credit.results = 4
        audit.received(frames(Header(.credit, epoch: 7), credit), from: client)
        audit.sent(together(4..<7), to: client, at: now)
        #expect(audit.takeViolations().isEmpty)
        #expect(audit.resultsSent == 7)
    }

    @Test func `a second answer to an item is a violation, whatever carries it`() {
        var audit = joined(window: 64)
        func final(_ command: Command, _ index: UInt32) -> [Frame] {
            frames(Header(command, flags: .final, id: 1, epoch: 7, index: index))
        }
        audit.sent(final(.result, 0), to: client, at: now)
        audit.sent(final(.failed, 1), to: client, at: now)
        audit.sent(together(2..<3), to: client, at: now)
        #expect(audit.takeViolations().isEmpty)
        audit.sent(final(.failed, 0), to: client, at: now)
        audit.sent(together(1..<2), to: client, at: now)
        audit.sent(final(.result, 2), to: client, at: now)
        #expect(audit.takeViolations().count == 3)
    }

    @Test func `a RESULT about another session is a violation`() {
        var audit = joined(window: 2)
        audit.sent(frames(Header(.result, epoch: 6, index: 0)), to: client, at: now)
        #expect(audit.takeViolations().count == 1)
    }
}
