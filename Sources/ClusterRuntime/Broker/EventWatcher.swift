package import Logging
package import WireMessages
package import WireProtocol
package import ZeroMQ

/// Reads the events of brokers on a thread of its own.
package final class EventWatcher: SocketLoopHandler {
    /// Ends it.
    package enum Command: Sendable {
        case stop
    }

    private let logger: Logger
    private let report: @Sendable (WireBrokerEvent) -> Void
    private var isStopping = false

    /// Connects to the event sockets of brokers, which need not be there yet.
    ///
    /// - Parameter report: called for each event, on the loop's thread.
    /// - Throws: `ZMQError` for an endpoint that cannot be used.
    package static func start(
        endpoints: [String], context: Context, logger: Logger,
        report: @escaping @Sendable (WireBrokerEvent) -> Void
    ) throws -> SocketLoop<EventWatcher> {
        try SocketLoop.start(name: "events", context: context, inboxCapacity: 4) { sockets in
            try EventWatcher(endpoints, logger, report, in: &sockets)
        }
    }

    private init(
        _ endpoints: [String], _ logger: Logger,
        _ report: @escaping @Sendable (WireBrokerEvent) -> Void, in sockets: inout LoopSockets
    ) throws(ZMQError) {
        self.logger = logger
        self.report = report
        _ = try sockets.open(.subscriber) { socket throws(ZMQError) in
            try socket.subscribe(Array("e.".utf8))
            for endpoint in endpoints { try socket.connect(endpoint) }
        }
    }

    package func receive(
        _ frames: [Frame], from socket: SocketHandle, in sockets: inout LoopSockets
    ) {
        do {
            report(try WireMessage.decode(Array(frames.dropFirst())).meta())
        } catch {
            logger.warning("an event that cannot be read: \(error)")
        }
    }

    package func receiveFailed(
        _ error: ZMQError, from socket: SocketHandle, in sockets: inout LoopSockets
    ) {
        logger.warning("dropped a message: \(error)")
    }

    package func handle(_ command: Command, in sockets: inout LoopSockets) { isStopping = true }

    package func endTurn(in sockets: inout LoopSockets) -> LoopDirective {
        isStopping ? .stop : .wait(atMost: .seconds(3_600))
    }

    package func finish(in sockets: inout LoopSockets) {}
}
