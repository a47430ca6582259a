import HeapModule

/// Instants at which something about an item must be looked at, earliest first.
///
/// An entry is not removed when its item ends; it is dropped when it comes up or is the first, or when
/// dead entries outnumber live ones. So the size is at most twice the live entries plus a constant, however many
/// items have passed. Insertion and removal are O(log n), compaction amortised O(1).
struct TimerQueue {
    /// Why the item must be looked at.
    enum Reason: Sendable {
        case deadline
        /// Shards that have not answered are given up.
        case searchDeadline
        case noWorkers
        /// Tasks may be late.
        case late
    }

    /// One instant for one item.
    struct Entry: Comparable, Sendable {
        let at: MonotonicInstant
        let item: ItemID
        let reason: Reason

        static func < (left: Entry, right: Entry) -> Bool {
            (left.at, left.item) < (right.at, right.item)
        }

        static func == (left: Entry, right: Entry) -> Bool {
            (left.at, left.item) == (right.at, right.item)
        }
    }

    private var heap = Heap<Entry>()
    private static let slack = 1_024
    /// More than an item has as a rule: one of each kind, and a second one for lateness.
    private static let entriesOfItem = 5

    /// The earliest instant, possibly of an item that has ended since `dropFirst`.
    var next: MonotonicInstant? { heap.min?.at }

    /// Entries held, dead ones included.
    var count: Int { heap.count }

    /// Adds an entry; `isLive` says of an item whether it is still pending, `live` how many are.
    mutating func add(_ entry: Entry, live: Int, isLive: (ItemID) -> Bool) {
        heap.insert(entry)
        guard heap.count > Self.entriesOfItem * live + Self.slack else { return }
        heap = Heap(heap.unordered.filter { isLive($0.item) })
    }

    /// Drops the earliest entries whose items have ended, so that nobody is woken for them.
    mutating func dropFirst(where hasEnded: (ItemID) -> Bool) {
        while let first = heap.min, hasEnded(first.item) { heap.removeMin() }
    }

    /// Takes the earliest entry that is due at `now`.
    mutating func popDue(at now: MonotonicInstant) -> Entry? {
        guard let first = heap.min, first.at <= now else { return nil }
        return heap.popMin()
    }
}
