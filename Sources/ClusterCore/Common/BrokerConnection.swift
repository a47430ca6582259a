import WireProtocol

/// One peer's view of one broker: joined or not, alive or silent, when to try again.
///
/// Shared by workers, clients and supervisors, which all keep a broker in the same way: HELLO, a
/// PING when nothing else was sent or nothing was heard, a new socket after too long a silence, and a
/// wait that grows between tries (`docs/protocol.md`, "Liveness").
package struct BrokerConnection: Sendable {
    /// Transitions: waiting → greeting → joined → waiting (silence), greeting → waiting (silence),
    /// joined → greeting (the broker does not know us).
    package enum State: Equatable, Sendable {
        /// Not to be used before the instant.
        case waiting(until: MonotonicInstant)
        /// HELLO sent, WELCOME awaited.
        case greeting
        case joined
    }

    /// What the connection's owner must do.
    package enum Step: Equatable, Sendable {
        /// Close the socket, open a new one; HELLO comes later.
        case reconnect
        case sendHello
        case sendPing
    }

    package private(set) var state: State
    /// The broker's epoch, from WELCOME; 0 before the first.
    package private(set) var epoch: UInt64 = 0
    private var lastHeard: MonotonicInstant
    private var lastSent: MonotonicInstant
    private var lastPing: MonotonicInstant
    private var pingInterval = ProtocolLimits.workerPingInterval
    private var policy = ReconnectPolicy()
    /// Whether the last try could not even be sent: its silence goes on counting.
    private var wasBlocked = false

    /// In milliseconds, whatever the broker says.
    private static let shortestPing: UInt32 = 10
    /// Between tries to send HELLO on a socket that is not connected yet.
    private static let blockedRetry = Duration.milliseconds(10)

    /// A connection whose HELLO is due at once.
    package init(now: MonotonicInstant) {
        state = .waiting(until: now)
        lastHeard = now
        lastSent = now
        lastPing = now
    }

    package var isJoined: Bool { state == .joined }

    /// Whether the broker may have a session for us: it has welcomed us, or HELLO was due.
    package var mayHaveSession: Bool { state == .joined || state == .greeting }

    /// WELCOME has come.
    package mutating func welcomed(epoch: UInt64, pingMilliseconds: UInt32) {
        state = .joined
        self.epoch = epoch
        pingInterval = .milliseconds(Int64(max(pingMilliseconds, Self.shortestPing)))
        policy.succeeded()
    }

    /// The broker wants PINGs at another interval; 0 for no change.
    package mutating func pings(everyMilliseconds milliseconds: UInt32) {
        guard milliseconds > 0 else { return }
        pingInterval = .milliseconds(Int64(max(milliseconds, Self.shortestPing)))
    }

    /// Anything has come from the broker.
    package mutating func heard(at now: MonotonicInstant) {
        lastHeard = now
    }

    /// Anything was sent to the broker.
    package mutating func sent(at now: MonotonicInstant) {
        lastSent = now
    }

    /// The broker has no session for us: HELLO is due at once, on the same socket.
    package mutating func forgotten(at now: MonotonicInstant) {
        if state == .joined { state = .waiting(until: now) }
    }

    /// A message could not be sent, since the socket is not connected (any more): the session, if
    /// there was one, cannot be relied on, and HELLO is due again soon, on the same socket.
    package mutating func blocked(at now: MonotonicInstant) {
        if state == .joined { lastHeard = now }
        state = .waiting(until: now + Self.blockedRetry)
        wasBlocked = true
    }

    /// The broker refused our HELLO: try again later.
    package mutating func refused(at now: MonotonicInstant, random: Double) {
        state = .waiting(until: now + policy.nextDelay(random: random))
    }

    /// What is due now.
    ///
    /// - Parameter generator: for the wait before another try; not asked while none is due, since it
    ///   may cost a system call and most turns have nothing to do.
    package mutating func step(
        at now: MonotonicInstant, using generator: inout some RandomNumberGenerator
    ) -> Step? {
        switch state {
        case .waiting(let until):
            guard until <= now else { return nil }
            if wasBlocked, isSilent(at: now) { return reconnect(at: now, using: &generator) }
            if !wasBlocked { lastHeard = now }
            wasBlocked = false
            state = .greeting
            lastSent = now
            return .sendHello
        case .greeting, .joined:
            if isSilent(at: now) { return reconnect(at: now, using: &generator) }
            guard state == .joined, pingDue <= now else { return nil }
            lastSent = now
            lastPing = now
            return .sendPing
        }
    }

    /// After an interval in which nothing was sent, or nothing was heard: who sends much may have nothing
    /// to hear, and the broker's silence must mean that it is gone.
    private var pingDue: MonotonicInstant {
        max(lastPing, min(lastSent, lastHeard)) + pingInterval
    }

    private func isSilent(at now: MonotonicInstant) -> Bool {
        lastHeard.duration(to: now) >= ProtocolLimits.brokerSilence
    }

    private mutating func reconnect(
        at now: MonotonicInstant, using generator: inout some RandomNumberGenerator
    ) -> Step {
        let share = Double.random(in: 0..<1, using: &generator)
        state = .waiting(until: now + policy.nextDelay(random: share))
        wasBlocked = false
        return .reconnect
    }

    /// When `step` must be looked at again at the latest.
    package var nextDeadline: MonotonicInstant {
        switch state {
        case .waiting(let until): until
        case .greeting: lastHeard + ProtocolLimits.brokerSilence
        case .joined:
            min(lastHeard + ProtocolLimits.brokerSilence, pingDue)
        }
    }
}
