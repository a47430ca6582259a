import TestSupport
import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

/// A client whose broker exists only as a list of messages.
final class ClientHarness {
    var core: ClientCore
    private(set) var now = MonotonicInstant(nanoseconds: 1_000_000_000)
    private var actions: [ClientAction] = []
    let ticket = ClientTicket(number: 1)

    init(brokers: Int = 1, window: Int = 8, seed: UInt64 = 3) {
        let settings = ClientSettings(name: "c", brokerCount: brokers, resultWindow: window)
        core = ClientCore(settings: settings, now: now, random: SeededRandom(seed: seed))
    }

    func endTurn() {
        core.endTurn(at: now)
        actions += core.takeActions()
    }

    func advance(_ duration: Duration) {
        now = now + duration
        endTurn()
    }

    func deliver(_ header: Header, _ meta: some WireBody, body: [Frame] = []) {
        let message = WireMessage(header, frames: [header.codec.encodeOwn(meta)] + body)
        core.receive(message.encoded(), at: now)
        endTurn()
    }

    func join(defaultBudget: UInt32 = 0) {
        endTurn()
        var welcome = WireWelcome()
        welcome.defaultBudgetMs = defaultBudget
        deliver(Header(.welcome, epoch: core.sessionID), welcome)
    }

    /// The broker refuses the last request with BUSY, naming milliseconds.
    func refuseAsBusy(_ retryAfter: UInt32) {
        var failed = WireFailed(.busy, "busy")
        failed.retryAfterMs = retryAfter
        deliver(
            Header(.failed, id: core.lastRequest, epoch: core.sessionID, index: Header.noItem),
            failed)
    }

    func submit(_ count: Int, budget: Duration? = .seconds(5)) {
        let items = Array(repeating: WireItem(), count: count)
        core.submit(
            ClientBatch(settings: WireSubmit(), items: items, budget: budget), as: ticket, at: now)
        endTurn()
    }

    func take() -> [ClientAction] {
        defer { actions = [] }
        return actions
    }

    /// How many items each SUBMIT has.
    func submitted(_ submits: [WireMessage]) throws -> [Int] {
        try submits.map { try SubmittedItems($0, try $0.meta()).count }
    }

    func sent(_ command: Command) -> [WireMessage] {
        take().compactMap { action in
            guard case .send(let frames) = action else { return nil }
            return try? WireMessage.decode(frames)
        }.filter { $0.header.command == command }
    }

    /// A RESULT about an item of the current request.
    func result(
        _ index: UInt32, ids: [String] = [], from first: UInt32 = 0, isFinal: Bool = true,
        request: UInt64? = nil, epoch: UInt64? = nil
    ) {
        var meta = WireResultMeta()
        meta.firstHit = first
        var hits = WireHits()
        hits.hits = ids.map { id in
            var hit = WireHit()
            hit.id = id
            return hit
        }
        let header = Header(
            .result, flags: isFinal ? .final : [], id: request ?? core.lastRequest,
            epoch: epoch ?? core.sessionID, index: index)
        deliver(header, meta, body: [header.codec.encodeOwn(hits)])
    }

    func answers() -> [(item: Int, outcome: Result<ItemAnswer, ItemFailure>)] {
        take().compactMap {
            if case .answer(_, let item, let outcome) = $0 { (item, outcome) } else { nil }
        }
    }

    func codes() -> [WireErrorCode?] {
        answers().map { if case .failure(let failure) = $0.outcome { failure.code } else { nil } }
    }
}
