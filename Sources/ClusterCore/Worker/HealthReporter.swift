import WireMessages
import WireProtocol

/// Counts what a node does and says when a health report is due: every second, and soon after a
/// change, but never twice within 100 ms.
struct HealthReporter: Sendable {
    private(set) var tasksDone: UInt64 = 0
    private(set) var errors: UInt64 = 0
    private var sequence: UInt64 = 0
    private var lastReport: MonotonicInstant?
    private var hasChanged = true
    private let createdAt: MonotonicInstant
    private var latencies = RecentDurations()
    /// Since the last report of metrics.
    var unreported = DurationHistogram()
    /// Tasks that their broker had cancelled.
    private(set) var cancelled: UInt64 = 0

    init(now: MonotonicInstant) {
        createdAt = now
    }

    /// Something that observers want to know soon.
    mutating func changed() {
        hasChanged = true
    }

    /// A task was worked on for so long.
    ///
    /// - Parameter failure: why it has no answer; nil if it has.
    mutating func finished(after elapsed: Duration, failure: WireErrorCode?) {
        tasksDone += 1
        if failure != nil { errors += 1 }
        if failure == .cancelled { cancelled += 1 }
        let microseconds = elapsed.wholeMicroseconds
        latencies.record(microseconds: microseconds)
        unreported.record(microseconds: microseconds)
    }

    var nextDeadline: MonotonicInstant {
        guard let lastReport else { return createdAt }
        let wait =
            hasChanged ? ProtocolLimits.healthMinimumInterval : ProtocolLimits.healthInterval
        return lastReport + wait
    }

    /// Adds what this type knows to a report that is about to be sent.
    mutating func complete(_ body: inout WireHealth, at now: MonotonicInstant) {
        lastReport = now
        hasChanged = false
        sequence += 1
        body.sequence = sequence
        body.tasksDone = tasksDone
        body.errors = errors
        let recent = latencies.all
        body.p50Us = recent.percentile(50)
        body.p99Us = recent.percentile(99)
        body.meanUs = recent.mean
    }
}
