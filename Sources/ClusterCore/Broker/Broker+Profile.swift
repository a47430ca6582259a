import WireMessages

/// Where the time of an answer went.
extension Broker {
    /// The profile of an item whose documents are there now.
    func profile(of item: PendingItem, _ now: MonotonicInstant) -> WireProfile {
        var profile = WireProfile()
        if let trace = item.settings?.trace {
            profile.traceparent = trace.parent
            profile.tracestate = trace.state
        }
        profile.startedUs = microseconds(item, item.startedAt ?? now)
        profile.searchedUs = microseconds(item, item.searchedAt ?? now)
        profile.finishedUs = microseconds(item, now)
        profile.tasks = item.parts.compactMap { part in
            guard let answer = part.answer else { return nil }
            var task = WireTaskProfile()
            task.index = map[part.shard.index].name
            task.shard = part.shard.shard
            task.worker = answer.workerName
            task.sentUs = microseconds(item, answer.times.sentAt)
            task.answeredUs = microseconds(item, answer.times.answeredAt)
            task.tookUs = answer.tookMicroseconds
            task.scoredPostings = answer.times.scoredPostings
            task.floor = answer.times.floor
            task.hits = UInt32(clamping: answer.hits.count)
            return task
        }
        return profile
    }

    private func microseconds(_ item: PendingItem, _ instant: MonotonicInstant) -> UInt64 {
        item.arrivedAt.duration(to: instant).wholeMicroseconds
    }
}
