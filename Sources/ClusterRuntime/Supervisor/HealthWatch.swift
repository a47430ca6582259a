import ClusterCore
import WireMessages
import WireProtocol

/// What a supervisor learns from its workers' health reports: that one serves, and that one does no
/// work any more although its process runs.
struct HealthWatch {
    private struct Entry {
        var lastHeard: MonotonicInstant
        var tasksDone: UInt64 = 0
    }

    /// A ready worker that reports nothing for this long is stuck or stopped.
    private static let silence = Duration.seconds(10)
    /// A task of this age while no task is finished means that the search threads are stuck.
    private static let oldestTask = Duration.seconds(30)

    private var entries: [String: Entry] = [:]
    private var stuck: [String: String] = [:]

    /// A process of this name was started: silence counts from here.
    mutating func started(_ name: String, at now: MonotonicInstant) {
        entries[name] = Entry(lastHeard: now)
        stuck[name] = nil
    }

    mutating func ended(_ name: String) {
        entries[name] = nil
        stuck[name] = nil
    }

    /// Takes a report as the SUB socket gives it: topic, header, body. Others than those of our
    /// children, and malformed ones, are ignored.
    ///
    /// - Returns: the report, if its sender serves.
    mutating func receive(_ frames: [Frame], at now: MonotonicInstant) -> WireHealth? {
        guard let message = try? WireMessage.decode(Array(frames.dropFirst())),
            message.header.command == .health,
            let health: WireHealth = try? message.meta(), let known = entries[health.name]
        else { return nil }
        let isStuck =
            health.tasksDone == known.tasksDone
            && Duration.milliseconds(Int64(health.oldestMs)) >= Self.oldestTask
        stuck[health.name] = isStuck ? "its oldest task is \(health.oldestMs) ms old" : nil
        entries[health.name] = Entry(lastHeard: now, tasksDone: health.tasksDone)
        return health.state == .ready ? health : nil
    }

    /// Why a worker that should serve looks stuck; nil if it does not.
    func complaint(about name: String, at now: MonotonicInstant) -> String? {
        if let reason = stuck[name] { return reason }
        guard let entry = entries[name] else { return nil }
        let silence = entry.lastHeard.duration(to: now)
        return silence >= Self.silence
            ? "no health report for \(silence.wholeMilliseconds) ms" : nil
    }
}
