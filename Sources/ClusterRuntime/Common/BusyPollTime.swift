import ZeroMQ

/// How long the loop of a broker or worker may look for its next message before it sleeps, once it has had
/// work to do.
///
/// docs/decisions/0025 has what it gains and costs.
package struct BusyPollTime: Hashable, Sendable {
    /// What a configuration may say, in microseconds.
    package static let range = 0...10_000

    /// For processes of their own: 200 µs.
    package static let `default` = BusyPollTime(microseconds: 200)

    /// For loops within another program: none.
    package static let none = BusyPollTime(microseconds: 0)

    package let microseconds: Int

    /// A number of microseconds within `range`.
    package init(microseconds: Int) {
        precondition(Self.range.contains(microseconds), "\(microseconds) is not in \(Self.range)")
        self.microseconds = microseconds
    }

    /// For a wait for the next answer, or without work in hand for the next request.
    func poll(awaitsAnswers: Bool) -> BusyPoll {
        BusyPoll(
            atMost: .microseconds(microseconds), for: awaitsAnswers ? .answers : .requests)
    }
}
