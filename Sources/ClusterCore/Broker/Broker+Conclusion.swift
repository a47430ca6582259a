import OrderedCollections
import WireMessages
import WireProtocol

/// From an item's end to its messages: at once or in the order of its batch, and for all equal items.
extension Broker {
    /// How an item ended.
    enum ItemOutcome {
        case completed
        case failed
        case cancelled
    }

    /// An item has come to its end; does nothing for one that has ended already.
    ///
    /// Items of the batch that are equal to it get the same answer, unless it was cancelled: then the
    /// next of them is searched for.
    mutating func conclude(_ item: PendingItem, _ conclusion: Conclusion, _ now: MonotonicInstant) {
        guard !item.hasEnded else { return }
        releaseWork(of: item)
        settle(item, conclusion, now)
        guard let equal = item.equal, equal.leader == item.id else { return }
        equal.leader = nil
        let followers = equal.followers
        equal.followers = []
        guard conclusion.outcome != .cancelled else {
            // Those that have ended meanwhile are not started.
            for follower in followers.compactMap({ items[$0] }) { start(follower, now) }
            return
        }
        for id in followers {
            guard let follower = items[id], follower.phase != .held else { continue }
            counters.itemsShared += 1
            settle(follower, conclusion, now)
        }
        if conclusion.outcome == .completed { keep(conclusion, for: equal, of: item.client) }
    }

    /// Keeps an answer for equal items that are not started, while the client's bound on bytes allows.
    private mutating func keep(
        _ conclusion: Conclusion, for equal: EqualItems, of client: ClientSession
    ) {
        guard equal.remaining > 0,
            client.heldBytes + conclusion.byteCount < settings.maxUnacknowledgedBytes
        else { return }
        equal.kept = conclusion
        client.heldBytes += conclusion.byteCount
    }

    /// Answers an item by an equal one, or lets it wait for that one's answer.
    ///
    /// - Returns: False if it is the one to be searched for.
    mutating func isAnsweredByEqual(_ item: PendingItem, _ now: MonotonicInstant) -> Bool {
        guard let equal = item.equal else { return false }
        if let kept = equal.kept {
            counters.itemsShared += 1
            settle(item, kept, now)
            return true
        }
        guard let leader = equal.leader, leader != item.id, items[leader] != nil else {
            equal.leader = item.id
            return false
        }
        equal.followers.append(item.id)
        return true
    }

    /// Sends an item's answer, or holds it until those before it in its batch are sent.
    private mutating func settle(
        _ item: PendingItem, _ conclusion: Conclusion, _ now: MonotonicInstant
    ) {
        if item.held == nil { noteIfSlow(item, conclusion.outcome, now) }
        guard item.request.isInOrder, item.index != item.request.next else {
            return sendInTurn(item, conclusion, now)
        }
        if let held = item.held { item.client.heldBytes -= held.byteCount }
        item.hold(conclusion)
        item.client.heldBytes += conclusion.byteCount
    }

    /// Sends an item's answer and those held for it.
    private mutating func sendInTurn(
        _ item: PendingItem, _ conclusion: Conclusion, _ now: MonotonicInstant
    ) {
        end(item, conclusion, now)
        let request = item.request
        while request.isInOrder,
            let next = request.item(at: request.next).flatMap({ items[$0] }), let held = next.held
        {
            item.client.heldBytes -= held.byteCount
            end(next, held, now)
        }
        close(request, of: item.client, now)
    }

    private mutating func end(
        _ item: PendingItem, _ conclusion: Conclusion, _ now: MonotonicInstant
    ) {
        let client = item.client
        let last = conclusion.messages.count - 1
        for position in conclusion.messages.indices {
            let message = conclusion.messages[position]
            if last == 0, item.request.takesResultsTogether, message.documents == nil,
                let hits = message.hits
            {
                sendTogether(message, hits, of: item, now)
            } else {
                flushResults(of: client)
                send(message, of: item, isFinal: position == last, now)
            }
            client.sent(bytes: message.byteCount)
        }
        let isPartial = conclusion.messages.last?.isPartial == true
        ended(item, conclusion.outcome, isPartial: isPartial, now)
    }

    /// Takes note of an item's end, once its answer is on its way.
    mutating func ended(
        _ item: PendingItem, _ outcome: ItemOutcome, isPartial: Bool, _ now: MonotonicInstant
    ) {
        // An answer says that the request was accepted.
        item.request.awaitsAccepted = false
        forget(item)
        switch outcome {
        case .completed:
            counters.itemsCompleted += 1
            times.addAnswer(microseconds: item.arrivedAt.microseconds(to: now))
            if isPartial { counters.partialResults += 1 }
        case .failed: counters.itemsFailed += 1
        case .cancelled: counters.itemsCancelled += 1
        }
        item.client.outstanding -= 1
        if item.isStarted { item.client.started -= 1 }
        item.request.count(outcome, resent: item.resent)
    }

    private mutating func send(
        _ message: Conclusion.Message, of item: PendingItem, isFinal: Bool,
        _ now: MonotonicInstant
    ) {
        let isFailure = if case .failed = message.meta { true } else { false }
        var header = itemHeader(isFailure ? .failed : .result, item, isFinal: isFinal)
        if message.isPartial { header.flags.insert(.partial) }
        let took = isFinal ? item.arrivedAt.microseconds(to: now) : 0
        send(
            header, meta: message.meta.encoded(in: header.codec, took: took),
            body: [message.hits, message.documents].compactMap(\.self), to: item.client.peer)
    }

    /// Frees what an item holds of others: its tasks, its fetches, its place in queues.
    mutating func releaseWork(of item: PendingItem) {
        if !parked.isEmpty { parked.remove(item.id) }
        for part in item.parts {
            for task in part.tasks { abandon(task) }
        }
        abandonFetches(of: item)
    }

    /// Takes an item out.
    private mutating func forget(_ item: PendingItem) {
        item.end()
        items[item.id] = nil
        queuedBytes -= item.queuedBytes
        item.client.dropEndedItems { items[$0] == nil }
        guard let equal = item.equal else { return }
        equal.remaining -= 1
        guard equal.remaining == 0, let kept = equal.kept else { return }
        item.client.heldBytes -= kept.byteCount
        equal.kept = nil
    }

    /// Drops an item whose client has gone.
    mutating func discard(_ id: ItemID) {
        guard let item = items[id] else { return }
        releaseWork(of: item)
        forget(item)
        counters.itemsCancelled += 1
    }

    /// Ends a request with its last item, with DONE if that is wanted, and lets the client start more.
    mutating func close(
        _ request: RequestState, of client: ClientSession, _ now: MonotonicInstant
    ) {
        takeTurn(client)
        guard request.remaining == 0 else { return }
        var done = WireDone()
        done.completed = request.completed
        done.failed = request.failed
        done.cancelled = request.cancelled
        done.resent = request.resent
        done.tookUs = request.startedAt.duration(to: now).wholeMicroseconds
        var header = header(.done, of: request, of: client, isFinal: true)
        header.index = Header.noItem
        client.end(
            .init(id: request.id, fingerprint: request.fingerprint, header: header, done: done))
        guard request.wantsDone else { return }
        flushResults(of: client)
        send(header, done, to: client.peer)
    }
}
