/// Allows something for a share of the times that something else happens, with a limited reserve.
struct TokenBucket: Sendable {
    /// Tokens for each event.
    private let share: Double
    /// The most tokens held.
    private let burst: Double
    private var tokens: Double

    /// A full bucket.
    init(share: Double, burst: Double) {
        self.share = share
        self.burst = burst
        tokens = burst
    }

    /// The event that pays has happened.
    mutating func earn() {
        tokens = min(burst, tokens + share)
    }

    /// Whether a token could be taken.
    var hasToken: Bool { tokens >= 1 }

    /// Takes a token; false, and nothing taken, if there is less than one.
    @discardableResult
    mutating func take() -> Bool {
        guard hasToken else { return false }
        tokens -= 1
        return true
    }
}
