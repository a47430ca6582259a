import WireMessages
import WireProtocol

/// What one look at a worker's shards and surroundings found.
package struct ProbeFindings: Sendable {
    /// Shards whose stored query failed or whose files are not there, each in words.
    package var failures: [String] = []
    /// How long the stored queries took together.
    package var duration: Duration = .zero
    /// Room on the disk with the shards; nil if it could not be found out.
    package var disk: (freeBytes: UInt64, totalBytes: UInt64)?

    package init() {}
}

/// Decides when a worker checks itself, and what its findings say of its health.
///
/// A pure state machine: whoever owns it runs the probe when `begin` says so, and hands in the findings.
struct HealthCheck: Sendable {
    /// How often, at most `ProtocolLimits.healthCheckInterval` where no broker says otherwise.
    var interval = ProtocolLimits.healthCheckInterval
    private(set) var findings: ProbeFindings?
    private var lastStart: MonotonicInstant?
    /// When the check of `findings` began.
    private(set) var checkedAt: MonotonicInstant?
    private var isRunning = false
    /// When the owner's loop should have run, to see how late it does.
    private var expected: MonotonicInstant?
    /// The longest it was late, since the last report and since the last check.
    private var lateness = (report: Duration.zero, check: Duration.zero)

    /// A probe that takes longer than this says that disk or threads are stuck.
    static let patience = Duration.seconds(10)
    /// Stored queries that take longer than this together, for each shard.
    static let slowQuery = Duration.seconds(1)
    /// A loop that is late by more than this does not serve its brokers in time.
    static let slowLoop = Duration.milliseconds(250)
    /// Free room below both of these is too little for logs and copies of segments.
    static let leastFree = (share: 0.02, bytes: UInt64(256) << 20)

    /// When the owner must look again.
    var nextDeadline: MonotonicInstant {
        guard let lastStart else { return MonotonicInstant(nanoseconds: 0) }
        // One that hangs shows in the next report, which is due each second anyway.
        return isRunning ? .distantFuture : lastStart + interval
    }

    /// Whether to begin a probe now; then one is under way.
    mutating func begin(at now: MonotonicInstant) -> Bool {
        guard !isRunning, lastStart.map({ $0 + interval <= now }) ?? true else { return false }
        lastStart = now
        isRunning = true
        return true
    }

    /// The probe under way has ended.
    mutating func finished(_ findings: ProbeFindings) {
        isRunning = false
        checkedAt = lastStart
        self.findings = findings
        lateness.check = .zero
    }

    /// The owner's loop runs now, and will again at `next` at the latest.
    mutating func turned(at now: MonotonicInstant, next: MonotonicInstant) {
        if let expected {
            let late = max(expected.duration(to: now), .zero)
            lateness.report = max(lateness.report, late)
            lateness.check = max(lateness.check, late)
        }
        expected = next
    }

    /// The longest that the loop was late since this was asked last.
    mutating func takeLateness() -> Duration {
        defer { lateness.report = .zero }
        return lateness.report
    }

    /// The state of health with its reasons.
    func verdict(shards: Int, at now: MonotonicInstant) -> (WireHealthGrade, [String]) {
        if isRunning, let lastStart, lastStart.duration(to: now) >= Self.patience {
            let waited = lastStart.duration(to: now).wholeMilliseconds
            return (.unhealthy, ["a check of the shards has not ended in \(waited) ms"])
        }
        guard let findings else { return (.unknown, []) }
        guard findings.failures.isEmpty else { return (.unhealthy, findings.failures) }
        let reasons = [
            slowness(findings, shards), shortage(findings),
            lateness.check >= Self.slowLoop
                ? "its loop was \(lateness.check.wholeMilliseconds) ms late" : nil,
        ].compactMap(\.self)
        return (reasons.isEmpty ? .healthy : .degraded, reasons)
    }

    private func slowness(_ findings: ProbeFindings, _ shards: Int) -> String? {
        guard findings.duration >= Self.slowQuery * max(1, shards) else { return nil }
        return "the stored queries of \(shards) shards took "
            + "\(findings.duration.wholeMilliseconds) ms"
    }

    private func shortage(_ findings: ProbeFindings) -> String? {
        guard let disk = findings.disk, disk.freeBytes < Self.leastFree.bytes,
            Double(disk.freeBytes) < Self.leastFree.share * Double(disk.totalBytes)
        else { return nil }
        return "\(disk.freeBytes >> 20) MiB of \(disk.totalBytes >> 20) MiB are free on the disk "
            + "with the shards"
    }
}
