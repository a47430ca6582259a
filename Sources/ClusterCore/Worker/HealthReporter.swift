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
    private var latencies = RecentLatencies()

    init(now: MonotonicInstant) {
        createdAt = now
    }

    /// Something that observers want to know soon.
    mutating func changed() {
        hasChanged = true
    }

    mutating func finished(after elapsed: Duration, failed: Bool) {
        tasksDone += 1
        if failed { errors += 1 }
        latencies.add(elapsed.wholeMicroseconds)
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
        (body.p50Us, body.p99Us) = latencies.percentiles()
        body.meanUs = latencies.mean
    }
}

/// The last 1024 service times, for percentiles that follow the present.
struct RecentLatencies: Sendable {
    private var microseconds: [UInt64] = []
    private var next = 0
    private static let capacity = 1_024

    mutating func add(_ value: UInt64) {
        if microseconds.count < Self.capacity {
            microseconds.append(value)
        } else {
            microseconds[next] = value
            next = (next + 1) % Self.capacity
        }
    }

    /// Zero before the first value. O(n), once a report.
    var mean: UInt64 {
        microseconds.isEmpty ? 0 : microseconds.reduce(0, &+) / UInt64(microseconds.count)
    }

    /// Median and 99th percentile; zeros before the first value. O(n log n), once a report.
    func percentiles() -> (p50: UInt64, p99: UInt64) {
        Percentiles.medianAnd99th(of: microseconds)
    }
}
