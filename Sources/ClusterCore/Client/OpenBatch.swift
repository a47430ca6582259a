import WireMessages
import WireProtocol

/// A batch with items that have no final answer yet.
struct OpenBatch: Sendable {
    /// A `Submit`.
    let settings: Frame
    /// One for each item.
    private let encoded: [Frame]
    let priority: UInt8
    let itemDeadline: MonotonicInstant
    /// Whether the broker says how long each item may take.
    let isBudgetOfBroker: Bool
    /// The last instant at which an answer is waited for.
    private let answerDeadline: MonotonicInstant
    /// How long a broker is waited for where the batch has no budget of its own.
    private let brokerWait: Duration
    /// Since when no request carries it.
    private var waitsSince: MonotonicInstant
    /// The request that carries it in this session; nil if it must be submitted (again).
    private(set) var request: UInt64?
    /// When it may be submitted.
    private(set) var notBefore: MonotonicInstant
    private(set) var busyAnswers = 0
    private(set) var submissions: UInt8 = 0
    private var firstSubmission: MonotonicInstant?
    /// Which item each one of the current request is.
    private var positions: [Int] = []
    /// Ascending at every submission.
    private var isOpen: [Bool]
    private(set) var openCount: Int
    /// Chunks of answers that are not complete.
    private var chunks: [Int: ItemAnswer] = [:]

    init(_ batch: ClientBatch, now: MonotonicInstant, settings client: ClientSettings) {
        settings = WireCodec.protobuf.encodeOwn(batch.settings) + Self.ownSettings
        encoded = batch.items.map(\.encoded)
        priority = batch.priority
        isBudgetOfBroker = batch.budget == nil
        itemDeadline = now + (batch.budget ?? ProtocolLimits.maxBudget)
        answerDeadline = itemDeadline + client.answerGrace
        brokerWait = client.brokerWait
        waitsSince = now
        notBefore = now
        isOpen = Array(repeating: true, count: batch.items.count)
        openCount = batch.items.count
    }

    /// What this client adds to the settings of every batch: it counts the answers itself and is not woken
    /// for that, and it takes and sends together what can be. The last fields of a message count.
    private static let ownSettings: Frame = {
        var own = WireSubmit()
        own.withoutDone = true
        own.resultsTogether = true
        own.itemsTogether = true
        return WireCodec.protobuf.encodeOwn(own)
    }()

    /// When it fails, unless something happens before.
    func deadline(isJoined: Bool) -> MonotonicInstant {
        guard request == nil else { return answerDeadline }
        return isBudgetOfBroker && !isJoined
            ? min(itemDeadline, waitsSince + brokerWait) : itemDeadline
    }

    /// Items without a final answer, ascending.
    var openItems: [Int] { isOpen.indices.filter { isOpen[$0] } }

    /// The item that a header's index means in the current request, if it is still open.
    func item(at index: UInt32) -> Int? {
        guard let position = Int(exactly: index), positions.indices.contains(position) else {
            return nil
        }
        let item = positions[position]
        return isOpen[item] ? item : nil
    }

    /// All open items as `Items`, which are now carried by a request.
    mutating func submitted(as request: UInt64, at now: MonotonicInstant) -> Frame {
        self.request = request
        firstSubmission = firstSubmission ?? now
        submissions = submissions == .max ? .max : submissions + 1
        positions = openItems
        var items = ProtobufWriter(capacity: 0)
        for position in positions { items.append(1, present: encoded[position]) }
        return items.frame
    }

    /// The session that carried the request is gone.
    mutating func forgetRequest(at now: MonotonicInstant) {
        if request != nil { waitsSince = now }
        request = nil
        chunks = [:]
    }

    /// Until when it may be submitted again after BUSY: while its budget lasts.
    ///
    /// - Parameter brokerBudget: what the broker gives items of a batch without a budget; it begins when
    ///   a broker first gets them.
    func lastRetry(_ brokerBudget: Duration) -> MonotonicInstant {
        guard isBudgetOfBroker, let firstSubmission else { return itemDeadline }
        return min(itemDeadline, firstSubmission + brokerBudget)
    }

    /// The broker was busy: to be submitted again after a while.
    mutating func refused(until instant: MonotonicInstant) {
        request = nil
        busyAnswers += 1
        notBefore = instant
        waitsSince = instant
    }

    /// Adds a chunk of an item's answer; the whole answer if it is the last.
    ///
    /// - Throws: `WireError` if the chunk does not follow the ones before it.
    mutating func add(
        _ chunk: ItemAnswer, to item: Int, isFinal: Bool
    ) throws(WireError) -> ItemAnswer? {
        var answer = chunks[item] ?? ItemAnswer(hits: [], documents: [], meta: .init())
        guard Int(clamping: chunk.meta.firstHit) == answer.hits.count else {
            throw .malformedMessage(
                type: "RESULT",
                reason: "first_hit is \(chunk.meta.firstHit), after \(answer.hits.count) hits")
        }
        chunks[item] = nil
        answer.hits += chunk.hits
        answer.documents += chunk.documents
        answer.meta = chunk.meta
        guard !isFinal else { return answer }
        chunks[item] = answer
        return nil
    }

    /// An item has its final answer.
    mutating func close(_ item: Int) {
        guard isOpen[item] else { return }
        isOpen[item] = false
        openCount -= 1
        chunks[item] = nil
    }
}
