import WireMessages
import WireProtocol

/// When answers are sent: those that are ready together travel together, and an answer waits a little
/// for the next one while no thread is idle.
extension WorkerNode {
    /// Tasks the worker takes at once from each broker: what its threads do in about
    /// `settings.windowCoverage`, at least one more than it has threads, so that a thread never
    /// waits for a round trip. Of short tasks at least two for each thread and one more, so that two
    /// answers can share a message and be replaced while a third task runs.
    var window: Int {
        let least = settings.slots + 1
        guard let serviceSeconds, serviceSeconds > 0 else { return min(least, settings.maxWindow) }
        let perSlot = settings.windowCoverage / .seconds(1) / serviceSeconds
        let covering = perSlot.isFinite ? Int(min(perSlot, 1_000_000)) * settings.slots + 1 : least
        let pairs = areTasksShort ? 2 * settings.slots + 1 : least
        return min(max(covering, pairs), settings.maxWindow)
    }

    /// Sends the answers that are due to each broker.
    mutating func sendReplies(_ now: MonotonicInstant) {
        for link in links.map(\.id) where !waitsForMore(link, now) { flushReply(link, now) }
    }

    /// When answers that wait are sent at the latest.
    var repliesDue: MonotonicInstant { replies.values.map(\.due).min() ?? .distantFuture }

    /// Whether the next task is likely to end before an answer has waited for too long.
    private var areTasksShort: Bool {
        serviceSeconds.map { $0 <= settings.replyHold / .seconds(1) } ?? false
    }

    /// Whether a broker's answers wait for the next task to end, and share its message. Each message
    /// wakes five threads on its way, and its answer, a CALL, as many.
    ///
    /// Only while every thread has its next task here, so that nobody idles for it; up to half of the
    /// window; for `settings.replyHold` at the most, and not beyond a task's deadline.
    private func waitsForMore(_ link: BrokerLink, _ now: MonotonicInstant) -> Bool {
        guard areTasksShort, queued >= settings.slots, let reply = replies[link] else {
            return false
        }
        return now < reply.due && reply.holdsSearchesOnly
            && reply.searches.count < max(2, window / 2)
            && jobs.values.contains { $0.link == link }
    }

    /// Sends what has been collected for a broker.
    mutating func flushReply(_ link: BrokerLink, _ now: MonotonicInstant) {
        guard let reply = replies.removeValue(forKey: link) else { return }
        let window = UInt32(window)
        if !reply.searches.isEmpty {
            var meta = TaskResultsEncoder()
            for result in reply.searches { meta.append(result) }
            send(
                .reply, meta: meta.frame(window: window, running: running, queued: queued),
                body: [reply.hits, reply.ids, reply.documents], on: link, now)
        }
        if !reply.fetches.isEmpty {
            var meta = WireFetchedMeta()
            meta.tasks = reply.fetches
            send(.fetched, meta, body: [reply.fetchedDocuments], on: link, now)
        }
        if !reply.failures.isEmpty {
            var meta = WireCallFailed()
            meta.tasks = reply.failures
            meta.window = window
            send(.callFailed, meta, on: link, now)
        }
    }
}
