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

/// The supervisor's session at one broker on its socket.
struct SupervisorLink {
    let broker: SupervisedBroker
    var socket: SocketHandle
    private var node: SupervisorNode

    init(
        _ broker: SupervisedBroker, name: String, host: String, socket: SocketHandle,
        now: MonotonicInstant
    ) {
        self.broker = broker
        self.socket = socket
        node = SupervisorNode(
            name: name, host: host,
            incarnation: UInt64.random(in: 1..<ProtocolLimits.randomNumberBound),
            pid: UInt32(ProcessCalls.currentProcess.rawValue), now: now)
    }

    var isJoined: Bool { node.isJoined }

    var nextDeadline: MonotonicInstant { node.nextDeadline }

    /// Takes a message of the broker; says what was wrong with it, if anything.
    mutating func receive(_ frames: [Frame], at now: MonotonicInstant) -> String? {
        node.receive(frames, at: now, random: Double.random(in: 0..<1))
    }

    /// What the broker has asked for since this was asked last.
    mutating func takeOrders() -> [(id: UInt64, order: WireAdmin)] { node.takeOrders() }

    /// Answers an order: nil for done, else why not.
    mutating func answer(_ id: UInt64, problem: String?) { node.answer(id, problem: problem) }

    /// The children's state has changed.
    mutating func report(_ report: SupervisorReport) { node.report(report) }

    /// The broker's process has ended: its welcome is void.
    mutating func brokerEnded(at now: MonotonicInstant) { node.brokerEnded(at: now) }

    /// Does what is due: connects anew, and sends what is to be sent.
    mutating func keep(
        at now: MonotonicInstant, using generator: inout some RandomNumberGenerator,
        in sockets: inout LoopSockets, _ logger: Logger
    ) {
        if node.step(at: now, using: &generator) {
            sockets.close(socket)
            do {
                socket = try sockets.openDealer(to: broker.endpoint)
            } catch {
                logger.error("cannot connect to broker '\(broker.name)': \(error)")
            }
        }
        for frames in node.takeMessages(at: now) where !sockets.trySend(frames, on: socket, logger)
        {
            node.blocked(at: now)
        }
    }
}
