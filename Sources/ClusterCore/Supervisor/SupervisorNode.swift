package import WireMessages
package import WireProtocol

/// A supervisor's session at one broker as a pure state machine: messages and instants in, messages out.
///
/// It joins the broker and keeps it, tells it the children's state after every change and after every
/// joining, and collects what the broker orders. It owns no socket, clock or thread.
///
/// Use: any number of `receive`, `report` and `answer` calls, then `step`, then `takeMessages`, in one
/// thread.
package struct SupervisorNode: Sendable {
    private let hello: WireHello
    private var connection: BrokerConnection
    private var latest: SupervisorReport?
    private var outbox: [[Frame]] = []
    /// HELLO is followed by the report once WELCOME has come.
    private var owesReport = false
    private var orders: [(id: UInt64, order: WireAdmin)] = []

    /// A supervisor that has not joined yet.
    ///
    /// - Parameter incarnation: random for each start, below 2^53.
    package init(
        name: String, host: String, incarnation: UInt64, pid: UInt32, now: MonotonicInstant
    ) {
        var hello = WireHello()
        hello.role = .supervisor
        hello.name = name
        hello.host = host
        hello.incarnation = incarnation
        hello.pid = pid
        hello.versions.min = UInt32(Header.version)
        hello.versions.max = UInt32(Header.version)
        self.hello = hello
        connection = BrokerConnection(now: now)
    }

    /// Whether the broker has welcomed it.
    package var isJoined: Bool { connection.isJoined }

    /// When `step` must be called at the latest.
    package var nextDeadline: MonotonicInstant { connection.nextDeadline }

    /// Takes a message of the broker; says what was wrong with it, if anything.
    ///
    /// - Parameter random: from 0 to 1, for the wait after a refusal.
    package mutating func receive(
        _ frames: [Frame], at now: MonotonicInstant, random: Double
    ) -> String? {
        do {
            let message = try WireMessage.decode(frames)
            connection.heard(at: now)
            switch message.header.command {
            case .welcome:
                let welcome: WireWelcome = try message.meta()
                connection.welcomed(epoch: welcome.epoch, pingMilliseconds: welcome.pingMs)
                owesReport = true
            case .unknownPeer:
                connection.forgotten(at: now)
            case .admin where message.header.epoch == connection.epoch:
                orders.append((message.header.id, try message.meta()))
            case .failed:
                let failed: WireFailed = try message.meta()
                connection.refused(at: now, random: random)
                return failed.message
            default: break
            }
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// What the broker has asked for since this was asked last.
    package mutating func takeOrders() -> [(id: UInt64, order: WireAdmin)] {
        defer { orders = [] }
        return orders
    }

    /// Answers an order: nil for done, else why not.
    package mutating func answer(_ id: UInt64, problem: String?) {
        if let problem {
            append(.failed, WireFailed(.badRequest, problem), id: id)
        } else {
            append(.adminReply, WireAdminReply(), id: id)
        }
    }

    /// The children's state has changed.
    package mutating func report(_ report: SupervisorReport) {
        latest = report
        owesReport = true
    }

    /// The broker's process has ended: its welcome is void.
    package mutating func brokerEnded(at now: MonotonicInstant) {
        connection.forgotten(at: now)
    }

    /// The shell could not send a message.
    package mutating func blocked(at now: MonotonicInstant) {
        connection.blocked(at: now)
        outbox = []
    }

    /// Does what is due; true if the socket must be replaced first.
    package mutating func step(
        at now: MonotonicInstant, using generator: inout some RandomNumberGenerator
    ) -> Bool {
        switch connection.step(at: now, using: &generator) {
        case .reconnect: return true
        case .sendHello: append(.hello, hello)
        case .sendPing: append(.ping, WirePing())
        case nil: break
        }
        return false
    }

    /// The messages to send now, in order.
    package mutating func takeMessages(at now: MonotonicInstant) -> [[Frame]] {
        if owesReport, connection.isJoined, let latest {
            owesReport = false
            append(.event, latest.wire(supervisor: hello.name, host: hello.host))
        }
        defer { outbox = [] }
        if !outbox.isEmpty { connection.sent(at: now) }
        return outbox
    }

    private mutating func append(_ command: Command, _ meta: some WireBody, id: UInt64 = 0) {
        let header = Header(command, id: id, epoch: connection.epoch)
        let message = WireMessage(header, frames: [header.codec.encodeOwn(meta)])
        outbox.append(message.encoded())
    }
}
