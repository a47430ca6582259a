import WireProtocol

/// One peer's view of one broker: joined or not, alive or silent, when to try again.
///
/// Shared by workers, clients and supervisors, which all keep a broker in the same way: HELLO, a
/// PING when nothing else was sent, a new socket after too long a silence, and a wait that grows
/// between tries (`docs/protocol.md`, "Liveness").
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
    private var pingInterval = ProtocolLimits.workerPingInterval
    private var policy = ReconnectPolicy()

    /// A connection whose HELLO is due at once.
    package init(now: MonotonicInstant) {
        state = .waiting(until: now)
        lastHeard = now
        lastSent = now
    }

    package var isJoined: Bool { state == .joined }

    /// WELCOME has come.
    package mutating func welcomed(epoch: UInt64, pingMilliseconds: UInt32) {
        state = .joined
        self.epoch = epoch
        pingInterval = .milliseconds(Int64(max(pingMilliseconds, 10)))
        policy.succeeded()
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

    /// The broker refused our HELLO: try again later.
    package mutating func refused(at now: MonotonicInstant, random: Double) {
        state = .waiting(until: now + policy.nextDelay(random: random))
    }

    /// What is due now.
    ///
    /// - Parameter random: uniform in 0..<1, for the wait before another try.
    package mutating func step(at now: MonotonicInstant, random: Double) -> Step? {
        switch state {
        case .waiting(let until):
            guard until <= now else { return nil }
            state = .greeting
            lastHeard = now
            lastSent = now
            return .sendHello
        case .greeting, .joined:
            if lastHeard.duration(to: now) >= ProtocolLimits.brokerSilence {
                state = .waiting(until: now + policy.nextDelay(random: random))
                return .reconnect
            }
            guard state == .joined, lastSent.duration(to: now) >= pingInterval else { return nil }
            lastSent = now
            return .sendPing
        }
    }

    /// When `step` must be looked at again at the latest.
    package var nextDeadline: MonotonicInstant {
        switch state {
        case .waiting(let until): until
        case .greeting: lastHeard + ProtocolLimits.brokerSilence
        case .joined:
            min(lastHeard + ProtocolLimits.brokerSilence, lastSent + pingInterval)
        }
    }
}
