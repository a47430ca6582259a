import WireProtocol

/// The worker's log of tasks that failed or took long.
extension WorkerNode {
    /// Lines written in the present second.
    struct NotedTasks: Sendable {
        var since: MonotonicInstant
        var count = 0
    }

    private static let notedPerSecond = 10

    /// Logs a task that failed, other than by being cancelled, or that a thread worked on for
    /// `settings.slowTask` or longer; at most `notedPerSecond` times a second.
    mutating func note(
        _ job: Job, _ outcome: JobOutcome, elapsed: Duration, _ now: MonotonicInstant
    ) {
        var failure = ""
        if case .failed(let code, let message) = outcome {
            guard code != .cancelled else { return }
            failure = ": \(code.name) \(message.asLogText)"
        }
        guard !failure.isEmpty || elapsed >= settings.slowTask else { return }
        if noted.since.duration(to: now) >= .seconds(1) { noted = NotedTasks(since: now) }
        noted.count += 1
        guard noted.count <= Self.notedPerSecond else { return }
        let kind = job.isSearch ? "task" : "fetch"
        let trace = job.trace.map { ", traceparent \($0.parent)" } ?? ""
        log(
            .warning,
            "\(failure.isEmpty ? "slow" : "failed") \(kind) \(job.task) of broker "
                + "\(job.link.position) on \(job.shard.index)/\(job.shard.shard) after "
                + "\(elapsed.wholeMilliseconds) ms\(trace)\(failure)")
    }
}
