import WireProtocol

/// When an item is served, compared with others that wait with it: the smaller first.
///
/// Among a client's own items that are not started: the higher priority, which grows by one with each
/// second waited, then the earlier deadline. Among started ones of all clients, which wait for the
/// same workers: the earlier round, in which every client has one item, each step of priority counting
/// as `roundsOfPriority` rounds; then the earlier deadline. So priorities delay others within bounds,
/// and clients of one priority get equal shares, however long one of them has waited. A fixed value
/// each time, although items age: all age at once.
struct ServiceOrder: Comparable, Sendable {
    let rank: Int64
    let deadline: MonotonicInstant
    let item: ItemID

    /// An item of a lower priority is overtaken by this many of each client for each step.
    static let roundsOfPriority: Int64 = 64

    /// Of an item that is not started.
    init(
        item: ItemID, priority: UInt8, arrivedAt: MonotonicInstant, deadline: MonotonicInstant
    ) {
        rank = Int64(clamping: arrivedAt.nanoseconds / 1_000_000_000) - Int64(priority)
        self.deadline = deadline
        self.item = item
    }

    /// Of one that is started in a round.
    init(item: ItemID, priority: UInt8, round: UInt64, deadline: MonotonicInstant) {
        rank = Int64(clamping: round) - Int64(priority) * Self.roundsOfPriority
        self.deadline = deadline
        self.item = item
    }

    static func < (left: ServiceOrder, right: ServiceOrder) -> Bool {
        (left.rank, left.deadline, left.item) < (right.rank, right.deadline, right.item)
    }
}

/// Deals out rounds so that clients who wait for the same workers get equal shares.
///
/// Start-time fair queueing (Goyal, Vin and Cheng, "Start-time Fair Queueing", SIGCOMM 1996, equations
/// 4 and 5) with items of cost 1: a client's item starts in the round after its last one, or in the
/// present one if that is later, so that nobody saves up turns. The present round is the latest of
/// those served.
struct FairRounds: Sendable {
    private var present: UInt64 = 0
    /// Items of the present round that were served.
    private var served = 0

    /// The round of a client's next item; `last` is that of its last one.
    func next(after last: UInt64) -> UInt64 { max(last + 1, present) }

    /// An item of a round is served, with so many clients there are.
    ///
    /// A round ends after as many items as there are clients, although new ones may still begin in it:
    /// else clients that come with one item each would keep all others waiting.
    mutating func serve(_ round: UInt64, clients: Int) {
        if round > present { (present, served) = (round, 0) }
        guard round == present else { return }
        served += 1
        if served >= max(1, clients) { (present, served) = (present + 1, 0) }
    }
}
