import DequeModule
import HeapModule
import SearchIndex
import WireMessages
import WireProtocol

/// SUBMIT: admission, and the start of items.
extension Broker {
    /// Admits a batch whole or refuses it whole, at once.
    mutating func submit(
        _ message: WireMessage, _ key: ClientKey, _ now: MonotonicInstant
    ) throws(WireError) {
        guard let client = clients[key] else { return }
        let defaults = try client.defaults(of: message, merge: configuration.merge)
        let submit = defaults.submit
        let items: SubmittedItems
        do {
            try message.checkLimits()
            items = try SubmittedItems(message, submit)
        } catch {
            let count =
                if case .tooManyItems(let found) = error { found } else { message.bodyCount }
            return refuseItems(count, of: message, ItemFailure(error.code, "\(error)"), client)
        }
        let hashes = (0..<items.count).map { items.hash(at: $0, seed: settings.hashSeed) }
        let fingerprint = fingerprint(message.frames[0], hashes)
        if repeated(message.header, fingerprint, client) { return }
        if let failure = admissionFailure(client, message.header, items, submit, now) {
            return refuseItems(items.count, of: message, failure, client)
        }
        let request = RequestState(
            message.header, fingerprint: fingerprint, startedAt: now,
            firstItem: ItemID(number: lastNumber + 1), itemCount: items.count, submit: submit)
        lastNumber += UInt64(items.count)
        client.requests[request.id] = request
        counters.itemsAccepted += UInt64(items.count)
        turnLoad += items.count
        acceptSoon(request, of: client, now)
        let equal = Self.equalItems(among: items, hashes: hashes)
        enqueue(
            ItemReader(items: items, defaults: defaults), of: request, message.header, equal,
            client, now)
        takeTurn(client)
    }

    private mutating func refuseItems(
        _ count: Int, of message: WireMessage, _ failure: ItemFailure, _ client: ClientSession
    ) {
        counters.itemsRefused += UInt64(count)
        flushResults(of: client)
        refuse(client.peer, message.header.answer(.failed), failure)
    }

    private mutating func enqueue(
        _ reader: ItemReader, of request: RequestState, _ header: Header,
        _ equal: [EqualItems?], _ client: ClientSession, _ now: MonotonicInstant
    ) {
        let deadline = now + budget(of: header)
        for position in 0..<reader.items.count {
            let asked = reader.item(at: position)
            let searchDeadline = searchDeadline(asked.settings, now, deadline)
            let item = PendingItem(
                id: ItemID(number: request.firstItem.number + UInt64(position)),
                client: client, request: request, index: UInt32(position), asked: asked,
                priority: header.priority, arrivedAt: now,
                deadline: deadline, searchDeadline: searchDeadline,
                queuedBytes: reader.items.octets(at: position).count,
                equal: equal.isEmpty ? nil : equal[position])
            enqueue(item, of: client)
        }
    }

    /// For each item those that are equal to it, nil where there are none; empty where none occurs
    /// twice. O(items + octets of repeated ones).
    private static func equalItems(
        among submitted: SubmittedItems, hashes: [UInt64]
    ) -> [EqualItems?] {
        guard submitted.count > 1 else { return [] }
        var first = NumberTable<ItemHash, Int>(capacity: submitted.count)
        var equal: [EqualItems?] = []
        for (position, hash) in hashes.enumerated() {
            let hash = ItemHash(number: max(1, hash))
            guard let earlier = first[hash] else {
                first[hash] = position
                continue
            }
            // Of two different items with one hash the second one is searched for by itself.
            guard submitted.octets(at: earlier) == submitted.octets(at: position) else { continue }
            if equal.isEmpty { equal = Array(repeating: nil, count: submitted.count) }
            let items = equal[earlier] ?? EqualItems()
            if equal[earlier] == nil { items.remaining = 1 }
            items.remaining += 1
            equal[earlier] = items
            equal[position] = items
        }
        return equal
    }

    private struct ItemHash: NumberedKey {
        let number: UInt64
    }

    /// Tells a request from another with its id, by its settings and the hashes of its items.
    private func fingerprint(_ settings: Frame, _ items: [UInt64]) -> UInt64 {
        var hash = ContentHash(settings.span, seed: self.settings.hashSeed)
        for item in items { hash.add(item) }
        return hash.value
    }

    /// Whether a SUBMIT is one of this session that has come before: it is not done a second time.
    private mutating func repeated(
        _ header: Header, _ fingerprint: UInt64, _ client: ClientSession
    ) -> Bool {
        if let request = client.requests[header.id], request.fingerprint == fingerprint {
            flushResults(of: client)
            request.awaitsAccepted = true
            accept(request, of: client)
            return true
        }
        guard let ended = client.ended(header.id, fingerprint: fingerprint) else { return false }
        flushResults(of: client)
        send(ended.header, ended.done, to: client.peer)
        return true
    }

    /// The time an item may take: the header's, within the protocol's limits.
    func budget(of header: Header) -> Duration {
        header.budgetMilliseconds == 0
            ? configuration.timeout
            : min(.milliseconds(Int64(header.budgetMilliseconds)), ProtocolLimits.maxBudget)
    }

    /// ACCEPTED goes out after `acceptanceDelay`, unless the request's first answer comes before: it
    /// says the same, and the client is woken once.
    private mutating func acceptSoon(
        _ request: RequestState, of client: ClientSession, _ now: MonotonicInstant
    ) {
        request.awaitsAccepted = true
        accepting.append((request, client, now + Self.acceptanceDelay))
    }

    private static let acceptanceDelay = Duration.milliseconds(2)

    /// Sends the ACCEPTED messages whose time has come.
    mutating func acceptDue(at now: MonotonicInstant) {
        while let first = accepting.first, !first.request.awaitsAccepted || first.due <= now {
            accepting.removeFirst()
            accept(first.request, of: first.client)
        }
    }

    /// Sends a request's ACCEPTED if that has not been done.
    mutating func accept(_ request: RequestState, of client: ClientSession) {
        guard request.awaitsAccepted else { return }
        request.awaitsAccepted = false
        var accepted = WireAccepted()
        accepted.items = UInt32(request.itemCount)
        accepted.waiting = UInt32(clamping: items.count)
        send(header(.accepted, of: request, of: client, isFinal: false), accepted, to: client.peer)
    }

    private mutating func enqueue(_ item: PendingItem, of client: ClientSession) {
        items[item.id] = item
        queuedBytes += item.queuedBytes
        client.outstanding += 1
        client.waiting.insert(item.order)
        addTimer(item.id, at: item.deadline, .deadline)
        if item.searchDeadline < item.deadline {
            addTimer(item.id, at: item.searchDeadline, .searchDeadline)
        }
    }

    /// Adds a timer of an item.
    mutating func addTimer(
        _ item: ItemID, at instant: MonotonicInstant, _ reason: TimerQueue.Reason
    ) {
        timers.add(
            .init(at: instant, item: item, reason: reason), live: items.count,
            isLive: { items[$0] != nil })
    }

    /// A client has something to start, perhaps: gives it a turn.
    mutating func takeTurn(_ client: ClientSession) {
        guard !client.hasTurn, !client.waiting.isEmpty,
            client.mayStart(maxBytes: settings.maxUnacknowledgedBytes)
        else { return }
        client.hasTurn = true
        turns.append(client)
    }

    /// Starts waiting items, one of each client at a time, as far as their windows reach.
    mutating func startWaitingItems(_ now: MonotonicInstant) {
        while let client = turns.popFirst() {
            client.hasTurn = false
            // One that has gone has none of its items left.
            guard client.mayStart(maxBytes: settings.maxUnacknowledgedBytes),
                let id = client.waiting.popMin()?.item
            else { continue }
            // One that was cancelled in a batch answered in order may still be there, held.
            if let item = items[id], item.phase == .waiting {
                client.started += 1
                client.lastRound = rounds.next(after: client.lastRound)
                item.begin(round: client.lastRound, at: now)
                times.unreportedWaits.record(microseconds: item.arrivedAt.microseconds(to: now))
                start(item, now)
            }
            takeTurn(client)
        }
    }
}
