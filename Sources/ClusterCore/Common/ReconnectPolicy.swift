import WireProtocol

/// When a peer that lost its broker tries again: from 0.1 s doubling to 5 s, each time by a random
/// share between half and all of it, so that many peers do not come at once.
package struct ReconnectPolicy: Sendable {
    private var failures = 0

    package init() {}

    /// The wait before the next try.
    ///
    /// - Parameter random: uniform in 0..<1.
    package mutating func nextDelay(random: Double) -> Duration {
        let doubled = ProtocolLimits.reconnectBackoffMin * (1 << min(failures, 16))
        failures += 1
        let full = min(doubled, ProtocolLimits.reconnectBackoffMax)
        return full * (0.5 + random / 2)
    }

    /// The broker answered: the next loss starts from the shortest wait.
    package mutating func succeeded() {
        failures = 0
    }
}
