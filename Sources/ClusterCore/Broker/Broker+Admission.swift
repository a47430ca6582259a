import HeapModule
import WireMessages
import WireProtocol

/// Whether a SUBMIT is taken: all of it or nothing, at once.
extension Broker {
    /// Why it is not; nil if it is.
    func admissionFailure(
        _ client: ClientSession, _ header: Header, _ items: SubmittedItems, _ submit: WireSubmit,
        _ now: MonotonicInstant
    ) -> ItemFailure? {
        guard client.requests[header.id] == nil else {
            return ItemFailure(
                .badRequest,
                "SUBMIT: request \(header.id) with other items is not done yet; use another id")
        }
        return shortage(client, items) ?? lateness(client, header, submit, now)
    }

    /// What there is too much of already.
    private func shortage(_ client: ClientSession, _ submitted: SubmittedItems) -> ItemFailure? {
        // Answers to items that were never started take credit too, so a client that gives none
        // back would otherwise grow what is remembered of it.
        guard client.unacknowledged.count < client.window + ProtocolLimits.maxOutstandingItems
        else {
            return busy(
                "\(client.unacknowledged.count) answers to this client are not acknowledged; its "
                    + "window is \(client.window)")
        }
        guard client.outstanding + submitted.count <= ProtocolLimits.maxOutstandingItems else {
            return busy(
                "\(client.outstanding) items of this client are outstanding; the limit is "
                    + "\(ProtocolLimits.maxOutstandingItems)")
        }
        guard items.count + submitted.count <= settings.maxItems,
            queuedBytes + submitted.byteCount <= settings.maxQueuedBytes
        else {
            return busy("the broker holds \(items.count) items of \(queuedBytes) bytes")
        }
        return nil
    }

    /// Refuses a SUBMIT whose first item would be done only after its deadline, by the work that waits
    /// before it and the rate at which it is worked off (docs/decisions/0027).
    private func lateness(
        _ client: ClientSession, _ header: Header, _ submit: WireSubmit, _ now: MonotonicInstant
    ) -> ItemFailure? {
        let budget = budget(of: header)
        let order = ServiceOrder(
            item: ItemID(number: lastNumber + 1), priority: header.priority,
            round: rounds.next(after: client.lastRound), deadline: now + budget)
        let own = ServiceOrder(
            item: order.item, priority: header.priority, arrivedAt: now, deadline: order.deadline)
        let wait = predictedTime(
            of: order, behind: { client.waiting.unordered.count { $0 < own } },
            atMost: client.waiting.count, indexes: submit.indexes, over: budget, now)
        guard wait > budget else { return nil }
        let excess = min(max(wait - budget, .milliseconds(10)), .seconds(10))
        return busy(
            "the work that waits takes about \(wait.wholeMilliseconds) ms, more than the budget "
                + "of \(budget.wholeMilliseconds) ms", retryAfter: excess)
    }

    /// How long an item takes at a shard of some indexes where that is over `limit`; zero if it is at
    /// none. O(shards + tasks that wait at overloaded ones, up to the first that is over it), and the
    /// client's waiting items once if any is overloaded.
    ///
    /// - Parameters:
    ///   - own: how many items of its client are to be started before it, at most `ownLimit`. Each will
    ///     be a task at every shard.
    private func predictedTime(
        of order: ServiceOrder, behind own: () -> Int, atMost ownLimit: Int, indexes: [String],
        over limit: Duration, _ now: MonotonicInstant
    ) -> Duration {
        var knownOwn: Int?
        let handles = indexes.isEmpty ? map.allHandles : indexes.compactMap(map.handle(named:))
        for handle in handles {
            for (number, shard) in map[handle].shards.enumerated() {
                let most = shard.ready.count + ownLimit + 1
                guard shard.drain.time(for: most, at: now) > limit else { continue }
                let ref = ShardRef(index: handle, shard: UInt32(number))
                let before = shard.ready.unordered.count {
                    $0.order < order && Self.isReady($0, ref)
                }
                let behind = knownOwn ?? own()
                knownOwn = behind
                let time = shard.drain.time(for: before + behind + 1, at: now)
                if time > limit { return time }
            }
        }
        return .zero
    }

    private func busy(
        _ why: String, retryAfter: Duration = .milliseconds(100)
    ) -> ItemFailure {
        var failure = ItemFailure(.busy, "busy: \(why); send these items again later")
        failure.retryAfterMilliseconds = retryAfter.wholeMilliseconds
        return failure
    }
}
