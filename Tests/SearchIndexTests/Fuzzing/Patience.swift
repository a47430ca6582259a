import Synchronization

@testable import SearchIndex

/// Ends searches that ask too often whether to go on.
final class Patience: Sendable {
    private let remaining: Atomic<Int>

    /// - Parameter questions: how many are answered with yes.
    init(_ questions: Int) { remaining = Atomic(questions) }

    /// Whether a search was ended.
    var isSpent: Bool { remaining.load(ordering: .relaxed) <= 0 }

    /// What searches ask.
    var control: SearchControl {
        SearchControl {
            let left = self.remaining.subtract(1, ordering: .relaxed).newValue
            return left <= 0 ? .deadline : nil
        }
    }
}
