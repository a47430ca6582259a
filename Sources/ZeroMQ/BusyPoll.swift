/// For how long a loop may look for input again and again before it sleeps, and for what input.
package struct BusyPoll: Sendable, Equatable {
    /// What a loop waits for: how long one of them takes says nothing of the other.
    package enum Input: Sendable {
        /// What others make of the work that they were given.
        case answers
        /// New work.
        case requests
    }

    /// Zero to sleep at once.
    package let limit: Duration
    package let input: Input

    package init(atMost limit: Duration, for input: Input) {
        self.limit = limit
        self.input = input
    }
}
