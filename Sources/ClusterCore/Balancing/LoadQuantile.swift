/// A quantile of the loads that replicas had when choices were made lately.
///
/// Of the last 32, the one that a quarter is above; looked at anew with every eighth load.
struct LoadQuantile: Sendable {
    /// Infinite before eight loads were entered.
    private(set) var value = Double.infinity
    private var recent = InlineArray<32, Double>(repeating: 0)
    private var count = 0

    /// Enters a load; the oldest is forgotten.
    mutating func add(_ load: Double) {
        recent[count % recent.count] = load
        count += 1
        guard count % 8 == 0 else { return }
        let sorted = (0..<min(count, recent.count)).map { recent[$0] }.sorted()
        value = sorted[(sorted.count * 3) / 4]
    }
}
