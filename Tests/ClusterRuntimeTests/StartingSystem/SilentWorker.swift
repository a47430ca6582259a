import ClusterCore
import SystemPackage
import WireProtocol
import ZeroMQ

@testable import ClusterRuntime

/// A worker that joins, takes tasks and says that it lives, but never answers one.
final class SilentWorker: SocketLoopHandler {
    enum Command: Sendable { case stop }

    private var node: WorkerNode
    private let broker: String
    private var socket: SocketHandle
    private var isStopped = false

    private init(_ settings: WorkerSettings, _ broker: String, in sockets: inout LoopSockets)
        throws
    {
        node = WorkerNode(
            settings: settings, now: MonotonicClock.now, random: SystemRandomNumberGenerator())
        self.broker = broker
        socket = try sockets.openDealer(to: broker)
    }

    func receive(_ frames: [Frame], from socket: SocketHandle, in sockets: inout LoopSockets) {
        node.receive(frames, on: BrokerLink(position: 0), at: MonotonicClock.now)
    }

    func receiveFailed(
        _ error: ZMQError, from socket: SocketHandle, in sockets: inout LoopSockets
    ) {}

    func handle(_ command: Command, in sockets: inout LoopSockets) { isStopped = true }

    func endTurn(in sockets: inout LoopSockets) -> LoopDirective {
        let now = MonotonicClock.now
        node.endTurn(at: now)
        for action in node.takeActions() {
            switch action {
            case .send(let frames, let link):
                let isSent = (try? sockets.send(frames, on: socket)) == .sent
                if !isSent { node.sendBlocked(on: link, at: now) }
            case .reconnect:
                sockets.close(socket)
                socket = (try? sockets.openDealer(to: broker)) ?? socket
            case .run, .cancel, .probe, .publish, .log, .finished: break
            }
        }
        return isStopped ? .stop : .wait(until: node.nextDeadline, now: now)
    }

    func finish(in sockets: inout LoopSockets) {}
}

extension TestCluster {
    /// Starts a worker that never answers; it goes when its loop is told to stop.
    func startSilentWorker(
        _ name: String, serving index: String, _ shards: ShardSelection
    ) throws -> SocketLoop<SilentWorker> {
        let host = try ShardHost(dataFolder: folder.path.string, serve: [(index, shards)])
        let settings = WorkerSettings(
            name: name, pool: "default",
            incarnation: UInt64.random(in: 1..<ProtocolLimits.randomNumberBound), pid: 1,
            host: "nowhere", slots: 16, indexes: host.announcements, brokerCount: 1)
        return try SilentWorker.start(
            settings, broker: endpoints.workers, context: context)
    }
}

extension SilentWorker {
    fileprivate static func start(
        _ settings: WorkerSettings, broker: String, context: Context
    ) throws -> SocketLoop<SilentWorker> {
        try SocketLoop.start(name: "silent", context: context, inboxCapacity: 4) { sockets in
            try SilentWorker(settings, broker, in: &sockets)
        }
    }
}
