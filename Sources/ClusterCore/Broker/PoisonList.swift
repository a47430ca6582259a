import DequeModule
import WireProtocol

/// The queries that have ended worker after worker, by their fingerprints, so that they are not tried
/// again soon.
///
/// At most 256, of which the oldest goes for a new one; each for ten minutes, after which the query may
/// show that it has become harmless: its worker may be another build. 4 KiB. O(entries) in time, and
/// without any nothing has to be hashed.
struct PoisonList {
    static let mostKept = 256
    static let patience = Duration.seconds(600)

    /// The oldest first.
    private var entries: Deque<(fingerprint: UInt64, at: MonotonicInstant)> = []

    /// Whether there is nothing to look for.
    var isEmpty: Bool { entries.isEmpty }
    /// How many there are, those whose time is over included until one is looked for.
    var count: Int { entries.count }

    /// Enters a query; one that is known stays for as long as it would have.
    mutating func add(_ fingerprint: UInt64, at now: MonotonicInstant) {
        guard !contains(fingerprint, at: now) else { return }
        if entries.count == Self.mostKept { entries.removeFirst() }
        entries.append((fingerprint, now))
    }

    /// Whether a query is among them; drops those whose time is over.
    mutating func contains(_ fingerprint: UInt64, at now: MonotonicInstant) -> Bool {
        while let first = entries.first, first.at.duration(to: now) >= Self.patience {
            entries.removeFirst()
        }
        return entries.contains { $0.fingerprint == fingerprint }
    }
}
