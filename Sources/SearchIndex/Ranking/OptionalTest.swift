/// Decides whether a test that may drop documents before their positions are read is worth its
/// while: not where it drops next to none, but it is tried now and then.
struct OptionalTest {
    /// A test that lets through more is left out.
    private static let mostKept: Float = 0.9
    /// Batches between two tries.
    private static let batchesPerTry = 8

    private var kept = RecentShare()
    private var batchesToTry = 0

    /// Whether to test the next batch; never while there is no threshold.
    mutating func isWorthwhile(needed: Float) -> Bool {
        guard needed > -.infinity else { return false }
        if kept.value < Self.mostKept { return true }
        batchesToTry -= 1
        guard batchesToTry <= 0 else { return false }
        batchesToTry = Self.batchesPerTry
        return true
    }

    /// Records how many of a batch's documents passed.
    mutating func record(kept: Int, of count: Int) {
        self.kept.record(kept: kept, of: count)
    }
}
