package import WireMessages
package import WireProtocol

/// What a supervisor learns from its workers' health reports: that one serves, and that one does no
/// work any more although its process runs.
///
/// A pure state machine, used in one thread. It holds one entry for each process that was started
/// and has not ended.
package struct HealthWatch {
    private struct Entry {
        let process: ProcessID
        var lastHeard: MonotonicInstant
        var complaint: String?
    }

    /// A ready worker that reports nothing for this long is stuck or stopped.
    private static let silence = Duration.seconds(10)
    /// Searches end within milliseconds of their deadline or their cancellation. One that runs for this
    /// long past its deadline never will: its thread is stuck.
    private static let overdue = Duration.seconds(20)

    private var entries: [String: Entry] = [:]

    /// A watch of no process.
    package init() {}

    /// A process of this name was started: silence counts from here.
    package mutating func started(_ name: String, as process: ProcessID, at now: MonotonicInstant) {
        entries[name] = Entry(process: process, lastHeard: now)
    }

    /// The process of this name has ended.
    package mutating func ended(_ name: String) {
        entries[name] = nil
    }

    /// Takes a report as the SUB socket gives it: topic, header, body. Reports of other processes
    /// than those that were started last, and malformed ones, are ignored.
    ///
    /// - Returns: the report, if its sender serves.
    package mutating func receive(
        _ frames: [Frame], at now: MonotonicInstant
    ) -> WireHealth? {
        guard let message = try? WireMessage.decode(Array(frames.dropFirst())),
            message.header.command == .health,
            let health: WireHealth = try? message.meta(), var entry = entries[health.name],
            UInt32(exactly: entry.process.rawValue) == health.pid
        else { return nil }
        let isStuck = Duration.milliseconds(Int64(health.overdueMs)) >= Self.overdue
        entry.lastHeard = now
        entry.complaint =
            isStuck ? "a task runs since \(health.overdueMs) ms past its deadline" : nil
        entries[health.name] = entry
        return health.state == .ready ? health : nil
    }

    /// Why a worker that should serve looks stuck; nil if it does not.
    package func complaint(about name: String, at now: MonotonicInstant) -> String? {
        guard let entry = entries[name] else { return nil }
        if let complaint = entry.complaint { return complaint }
        let silence = entry.lastHeard.duration(to: now)
        return silence >= Self.silence
            ? "no health report for \(silence.wholeMilliseconds) ms" : nil
    }
}
