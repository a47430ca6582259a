import DequeModule
import HeapModule
import SearchIndex
import WireMessages
import WireProtocol

/// What the broker knows of one connected client. A reference that never leaves its broker.
final class ClientSession {
    let key: ClientKey
    let peer: PeerID
    let name: String
    /// Chosen by the client, echoed in every header to it.
    let sessionID: UInt64
    /// Answers, and parts of answers, that it takes unacknowledged.
    let window: Int

    var lastHeard: MonotonicInstant
    var requests: [UInt64: RequestState] = [:]
    /// The last requests that are done, for a SUBMIT that comes again; oldest first.
    private var ended: Deque<EndedRequest> = []
    /// The largest id among all that are done.
    private var lastEnded: UInt64 = 0
    /// Items not yet started; ended ones are dropped when they come up.
    var waiting = Heap<ServiceOrder>()
    /// The round of the item that was started last.
    var lastRound: UInt64 = 0
    /// Whether it stands in the broker's queue of turns.
    var hasTurn = false
    /// Items accepted and not ended.
    var outstanding = 0
    /// Items started and not ended.
    var started = 0
    /// Sizes in bytes of results sent and not acknowledged, oldest first.
    var unacknowledged: Deque<Int> = []
    var unacknowledgedBytes = 0
    /// Bytes of answers that wait for their turn, or are kept for equal items.
    var heldBytes = 0
    /// What its last SUBMIT said for all of its items.
    private var defaults: SubmitDefaults?
    /// Answers of this turn that are sent together.
    var results = ResultsEncoder()

    init(
        key: ClientKey, peer: PeerID, name: String, sessionID: UInt64, window: Int,
        lastHeard: MonotonicInstant
    ) {
        self.key = key
        self.peer = peer
        self.name = name
        self.sessionID = sessionID
        self.window = window
        self.lastHeard = lastHeard
    }

    /// Whether another item may be started: its answer would fit the client's window.
    func mayStart(maxBytes: Int) -> Bool {
        started + unacknowledged.count < window && unacknowledgedBytes + heldBytes < maxBytes
    }

    /// Takes note of a message that costs credit.
    func sent(bytes: Int) {
        unacknowledged.append(bytes)
        unacknowledgedBytes += bytes
    }

    /// Forgets ended items in the queue once they outnumber the others; amortised O(1).
    func dropEndedItems(hasEnded: (ItemID) -> Bool) {
        guard waiting.count > 2 * outstanding + 64 else { return }
        waiting = Heap(waiting.unordered.filter { !hasEnded($0.item) })
    }

    /// The client consumed `count` messages; more than were sent counts as all of them.
    func acknowledge(_ count: UInt32) {
        for _ in 0..<min(Int(clamping: count), unacknowledged.count) {
            unacknowledgedBytes -= unacknowledged.removeFirst()
        }
    }
}

extension ClientSession {
    /// What a SUBMIT says for all of its items; read anew only if the last one said something else.
    ///
    /// - Parameter merge: how hits are merged where it does not say.
    func defaults(
        of message: WireMessage, merge: MergeStrategy
    ) throws(WireError) -> SubmitDefaults {
        if let defaults, defaults.isSaid(by: message, merge: merge) { return defaults }
        let read = try SubmitDefaults(message, merge: merge)
        defaults = read.isWorthKeeping ? read : nil
        return read
    }
}

// Requests that come again.
extension ClientSession {
    /// How many done requests are remembered.
    private static let maxEnded = 64

    /// The request of that id and content among the last that are done.
    func ended(_ id: UInt64, fingerprint: UInt64) -> EndedRequest? {
        // Most clients count upwards.
        guard id <= lastEnded else { return nil }
        return ended.first { $0.id == id && $0.fingerprint == fingerprint }
    }

    /// Remembers how a request ended.
    func end(_ request: EndedRequest) {
        requests[request.id] = nil
        lastEnded = max(lastEnded, request.id)
        if ended.count == Self.maxEnded { ended.removeFirst() }
        ended.append(request)
    }
}

/// What is remembered of a SUBMIT whose DONE has been sent.
struct EndedRequest {
    let id: UInt64
    let fingerprint: UInt64
    let header: Header
    let done: WireDone
}

/// One SUBMIT that is not done. A reference that never leaves its broker.
final class RequestState {
    let id: UInt64
    /// Of its settings and items, so that the same SUBMIT is known when it comes again.
    let fingerprint: UInt64
    /// Answers go out in the form the request came in.
    let isJSON: Bool
    let startedAt: MonotonicInstant
    /// Its items have consecutive numbers from here.
    let firstItem: ItemID
    let itemCount: Int
    /// Whether answers go out in the order of the items.
    let isInOrder: Bool
    /// Whether the client wants to be told that all items have ended.
    let wantsDone: Bool
    /// Whether answers that are ready together may come in one message.
    let takesResultsTogether: Bool
    /// Whether its ACCEPTED is still to be sent.
    var awaitsAccepted = false
    private(set) var remaining: Int
    private(set) var completed: UInt32 = 0
    private(set) var failed: UInt32 = 0
    private(set) var cancelled: UInt32 = 0
    private(set) var resent: UInt32 = 0

    init(
        _ header: Header, fingerprint: UInt64, startedAt: MonotonicInstant, firstItem: ItemID,
        itemCount: Int, submit: WireSubmit
    ) {
        id = header.id
        isJSON = header.flags.contains(.json)
        self.fingerprint = fingerprint
        self.startedAt = startedAt
        self.firstItem = firstItem
        self.itemCount = itemCount
        isInOrder = submit.order == .submission
        wantsDone = !submit.withoutDone
        takesResultsTogether = submit.resultsTogether
        remaining = itemCount
    }

    /// In order: the position of the item that is answered next.
    var next: UInt32 { UInt32(itemCount - remaining) }

    /// Counts an item that ended.
    func count(_ outcome: Broker.ItemOutcome, resent: UInt32) {
        remaining -= 1
        self.resent += resent
        switch outcome {
        case .completed: completed += 1
        case .failed: failed += 1
        case .cancelled: cancelled += 1
        }
    }

    /// The item at a position of the SUBMIT.
    func item(at index: UInt32) -> ItemID? {
        guard Int(clamping: index) < itemCount else { return nil }
        return ItemID(number: firstItem.number + UInt64(index))
    }
}
