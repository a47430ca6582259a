import Synchronization

/// A score that k documents are known to reach, raised by every task of one search: what a task
/// begins later need not find.
///
/// Any thread may read and raise it. A floor that is read late is only lower, never wrong.
package final class SharedFloor: Sendable {
    private let bits: Atomic<UInt32>

    /// - Parameter floor: what is known at first; nil for nothing.
    package init(_ floor: Float? = nil) {
        bits = Atomic((floor ?? -.infinity).bitPattern)
    }

    /// The score known now; nil for none.
    package var value: Float? {
        let floor = Float(bitPattern: bits.load(ordering: .relaxed))
        return floor > -.infinity ? floor : nil
    }

    /// Makes a score known, unless a higher one is.
    package func raise(to score: Float) {
        var known = bits.load(ordering: .relaxed)
        while Float(bitPattern: known) < score {
            let (exchanged, original) = bits.weakCompareExchange(
                expected: known, desired: score.bitPattern, ordering: .relaxed)
            if exchanged { return }
            known = original
        }
    }
}
