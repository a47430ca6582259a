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
        let submit: WireSubmit = try message.meta()
        let frames = message.frames.dropFirst()
        let hashes = message.frames.map { ContentHash($0, seed: settings.hashSeed).value }
        let fingerprint = fingerprint(hashes)
        if repeated(message.header, fingerprint, client) { return }
        if let failure = admissionFailure(client, message, submit, now) {
            counters.itemsRefused += UInt64(frames.count)
            return refuse(client.peer, message.header.answer(.failed), failure)
        }
        let request = RequestState(
            message.header, fingerprint: fingerprint, startedAt: now,
            firstItem: ItemID(number: lastNumber + 1), itemCount: frames.count, submit: submit)
        lastNumber += UInt64(frames.count)
        client.requests[request.id] = request
        counters.itemsAccepted += UInt64(frames.count)
        turnLoad += frames.count
        acceptSoon(request, of: client, now)
        let equal = Self.equalItems(among: frames, hashes: hashes.dropFirst())
        enqueueItems(of: request, message, submit, equal, client, now)
        takeTurn(client)
    }

    private mutating func enqueueItems(
        of request: RequestState, _ message: WireMessage, _ submit: WireSubmit,
        _ equal: [EqualItems?], _ client: ClientSession, _ now: MonotonicInstant
    ) {
        let deadline = now + budget(of: message.header)
        var reader = ItemReader(message, defaults: submit, merge: configuration.merge)
        for position in 0..<message.bodyCount {
            let asked = reader.item(at: position)
            let searchDeadline = searchDeadline(asked.settings, now, deadline)
            let item = PendingItem(
                id: ItemID(number: request.firstItem.number + UInt64(position)),
                client: client, request: request, index: UInt32(position), asked: asked,
                priority: message.header.priority, arrivedAt: now,
                deadline: deadline, searchDeadline: searchDeadline,
                queuedBytes: message.frames[position + 1].count,
                equal: equal.isEmpty ? nil : equal[position])
            enqueue(item, of: client)
        }
    }

    /// For each frame the items that are equal to it, nil where there are none; empty where no frame occurs
    /// twice. O(frames + octets of repeated ones).
    private static func equalItems(
        among frames: ArraySlice<Frame>, hashes: ArraySlice<UInt64>
    ) -> [EqualItems?] {
        guard frames.count > 1 else { return [] }
        var first = NumberTable<FrameHash, Int>(capacity: frames.count)
        var equal: [EqualItems?] = []
        for (position, hash) in hashes.enumerated() {
            let hash = FrameHash(number: max(1, hash))
            guard let earlier = first[hash] else {
                first[hash] = position
                continue
            }
            // Of two different frames with one hash the second one is searched for by itself.
            guard frames[frames.startIndex + earlier] == frames[frames.startIndex + position] else {
                continue
            }
            if equal.isEmpty { equal = Array(repeating: nil, count: frames.count) }
            let items = equal[earlier] ?? EqualItems()
            if equal[earlier] == nil { items.remaining = 1 }
            items.remaining += 1
            equal[earlier] = items
            equal[position] = items
        }
        return equal
    }

    private struct FrameHash: NumberedKey {
        let number: UInt64
    }

    /// Tells a request from another with its id, by the hashes of its frames.
    private func fingerprint(_ hashes: [UInt64]) -> UInt64 {
        var hash = ContentHash(seed: settings.hashSeed)
        for frame in hashes { hash.add(frame) }
        return hash.value
    }

    /// Whether a SUBMIT is one of this session that has come before: it is not done a second time.
    private mutating func repeated(
        _ header: Header, _ fingerprint: UInt64, _ client: ClientSession
    ) -> Bool {
        if let request = client.requests[header.id], request.fingerprint == fingerprint {
            request.awaitsAccepted = true
            accept(request, of: client)
            return true
        }
        guard
            let ended = client.ended.first(where: {
                $0.id == header.id && $0.fingerprint == fingerprint
            })
        else { return false }
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
