import ClusterCore
import Logging
import WireMessages
import WireProtocol
import ZeroMQ

/// A broker as its supervisor knows it.
package struct SupervisedBroker: Hashable, Sendable {
    package let name: String
    /// The workers' endpoint, where supervisors join too.
    package let endpoint: String

    package init(name: String, endpoint: String) {
        self.name = name
        self.endpoint = endpoint
    }
}

/// The supervisor's session at one broker: joins it, keeps it, and sends the children's state after
/// every change and after every joining.
struct SupervisorLink {
    let broker: SupervisedBroker
    var socket: SocketHandle
    private let name: String
    private let host: String
    private let incarnation: UInt64
    private var connection: BrokerConnection
    private var latest: SupervisorReport?
    private var outbox: [[Frame]] = []
    /// HELLO is followed by the report once WELCOME has come.
    private var owesReport = false
    private var orders: [(id: UInt64, order: WireAdmin)] = []

    init(
        _ broker: SupervisedBroker, name: String, host: String, socket: SocketHandle,
        now: MonotonicInstant
    ) {
        self.broker = broker
        self.name = name
        self.host = host
        self.socket = socket
        incarnation = UInt64.random(in: 1..<ProtocolLimits.randomNumberBound)
        connection = BrokerConnection(now: now)
    }

    var isJoined: Bool { connection.isJoined }

    var nextDeadline: MonotonicInstant { connection.nextDeadline }

    /// Takes a message of the broker; says what was wrong with it, if anything.
    mutating func receive(_ frames: [Frame], at now: MonotonicInstant) -> String? {
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
                connection.refused(at: now, random: Double.random(in: 0..<1))
                return failed.message
            default: break
            }
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// What the broker has asked for since this was asked last.
    mutating func takeOrders() -> [(id: UInt64, order: WireAdmin)] {
        defer { orders = [] }
        return orders
    }

    /// Answers an order: nil for done, else why not.
    mutating func answer(_ id: UInt64, problem: String?) {
        if let problem {
            append(.failed, WireFailed(.badRequest, problem), id: id)
        } else {
            append(.adminReply, WireAdminReply(), id: id)
        }
    }

    /// The children's state has changed.
    mutating func report(_ report: SupervisorReport, at now: MonotonicInstant) {
        latest = report
        owesReport = true
    }

    /// The broker's process has ended: its welcome is void.
    mutating func brokerEnded(at now: MonotonicInstant) {
        connection.forgotten(at: now)
    }

    /// Libzmq did not take a message.
    private mutating func blocked(at now: MonotonicInstant) {
        connection.blocked(at: now)
        outbox = []
    }

    /// Does what is due: connects anew, and sends what is to be sent.
    mutating func keep(
        at now: MonotonicInstant, using generator: inout some RandomNumberGenerator,
        in sockets: inout LoopSockets, _ logger: Logger
    ) {
        if needsNewSocket(at: now, using: &generator) {
            sockets.close(socket)
            do {
                socket = try sockets.openDealer(to: broker.endpoint)
            } catch {
                logger.error("cannot connect to broker '\(broker.name)': \(error)")
            }
        }
        for frames in takeMessages(at: now) where !sockets.trySend(frames, on: socket, logger) {
            blocked(at: now)
        }
    }

    /// Does what is due; true if the socket must be replaced first.
    private mutating func needsNewSocket(
        at now: MonotonicInstant, using generator: inout some RandomNumberGenerator
    ) -> Bool {
        switch connection.step(at: now, using: &generator) {
        case .reconnect:
            return true
        case .sendHello:
            append(.hello, hello)
        case .sendPing:
            append(.ping, WirePing())
        case nil: break
        }
        return false
    }

    /// The messages to send now, in order.
    private mutating func takeMessages(at now: MonotonicInstant) -> [[Frame]] {
        if owesReport, connection.isJoined, let latest {
            owesReport = false
            append(.event, latest.wire(supervisor: name, host: host))
        }
        defer { outbox = [] }
        if !outbox.isEmpty { connection.sent(at: now) }
        return outbox
    }

    private var hello: WireHello {
        var hello = WireHello()
        hello.role = .supervisor
        hello.name = name
        hello.host = host
        hello.incarnation = incarnation
        hello.pid = UInt32(ProcessCalls.currentProcess.rawValue)
        hello.versions.min = UInt32(Header.version)
        hello.versions.max = UInt32(Header.version)
        return hello
    }

    private mutating func append(_ command: Command, _ meta: some WireBody, id: UInt64 = 0) {
        let header = Header(command, id: id, epoch: connection.epoch)
        let message = WireMessage(header, frames: [header.codec.encodeOwn(meta)])
        outbox.append(message.encoded())
    }
}
