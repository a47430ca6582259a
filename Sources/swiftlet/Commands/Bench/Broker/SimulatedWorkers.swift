import ClusterCore
import ClusterRuntime
import Logging
import WireMessages
import WireProtocol
import ZeroMQ

/// Workers of `bench broker`, all on one thread: they join a broker and keep it as real ones do, and
/// answer each task at once with the hits of a `MadeUpIndex`, without searching.
final class SimulatedWorkers: SocketLoopHandler {
    enum Command: Sendable { case stop }

    /// The largest task window of the protocol: with it the broker never waits for a worker.
    private static let window = ProtocolLimits.maxTaskWindow

    private struct Worker {
        var node: WorkerNode
        let socket: SocketHandle
        /// When the node's turn must be ended at the latest.
        var due: MonotonicInstant
    }

    /// What is found in each shard.
    private let answers: [(hits: [PackedHit], ids: Frame)]
    private let traffic: WorkerTraffic
    private let logger: Logger
    private let publisher: SocketHandle
    private var workers: [Worker] = []
    private var places: [SocketHandle: Int] = [:]
    private var replies: [(place: Int, frames: [Frame])] = []
    private var onReady: (@Sendable () -> Void)?
    private var isStopping = false

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - names: of the workers; the shards go to them in turn.
    ///   - onReady: is called once, on the thread, when the broker has welcomed all.
    static func start(
        _ names: [String], serving index: MadeUpIndex, at endpoints: BrokerEndpoints,
        traffic: WorkerTraffic, logger: Logger, onReady: @escaping @Sendable () -> Void
    ) throws -> SocketLoop<SimulatedWorkers> {
        let context = try Context()
        return try SocketLoop.start(
            name: "bench workers", context: context, inboxCapacity: 4
        ) { sockets in
            try SimulatedWorkers(names, index, endpoints, traffic, logger, onReady, in: &sockets)
        }
    }

    private init(
        _ names: [String], _ index: MadeUpIndex, _ endpoints: BrokerEndpoints,
        _ traffic: WorkerTraffic, _ logger: Logger, _ onReady: @escaping @Sendable () -> Void,
        in sockets: inout LoopSockets
    ) throws {
        answers = (0..<index.shards).map { index.packedHits(ofShard: $0) }
        self.traffic = traffic
        self.logger = logger
        self.onReady = onReady
        publisher = try sockets.open(.publisher) { socket throws(ZMQError) in
            try socket.connect(endpoints.health)
        }
        let now = MonotonicClock.now
        for (place, name) in names.enumerated() {
            let shards = stride(from: place, to: index.shards, by: names.count)
            let node = WorkerNode(
                settings: Self.settings(name, index.announcement(of: Array(shards))), now: now,
                random: SystemRandomNumberGenerator())
            let socket = try sockets.openDealer(to: endpoints.workers)
            places[socket] = place
            workers.append(Worker(node: node, socket: socket, due: now))
        }
    }

    private static func settings(_ name: String, _ index: WireServedIndex) -> WorkerSettings {
        WorkerSettings(
            name: name, pool: "bench",
            incarnation: UInt64.random(in: 1..<ProtocolLimits.randomNumberBound),
            pid: UInt32(ProcessCalls.currentProcess.rawValue), host: ProcessCalls.hostName,
            // A node's window is one more than its threads until it has searched.
            slots: window - 1, indexes: [index], brokerCount: 1)
    }

    func receive(_ frames: [Frame], from socket: SocketHandle, in sockets: inout LoopSockets) {
        guard let place = places[socket] else { return }
        let now = MonotonicClock.now
        do {
            let message = try WireMessage.decode(frames)
            guard message.header.command == .call else {
                workers[place].node.receive(frames, on: Self.link, at: now)
                workers[place].due = now
                return
            }
            let reply = try reply(to: message)
            traffic.add(received: message.byteCount, sent: reply.byteCount)
            replies.append((place, reply.encoded()))
        } catch {
            logger.error("a simulated worker cannot read a message: \(error)")
        }
    }

    /// Every worker has one broker.
    private static let link = BrokerLink(position: 0)

    private func reply(to call: WireMessage) throws(WireError) -> WireMessage {
        let asked = try call.callMeta()
        var meta = TaskResultsEncoder()
        var hits: Frame = []
        var ids: Frame = []
        hits.reserveCapacity(asked.tasks.count * MadeUpIndex.hitsOfAShard * PackedHit.byteCount)
        for task in asked.tasks {
            var result = WireTaskResult()
            result.task = task.task
            result.hits = UInt32(MadeUpIndex.hitsOfAShard)
            result.totalHits = UInt64(MadeUpIndex.hitsOfAShard)
            result.coveredDocuments = UInt64(MadeUpIndex.hitsOfAShard)
            result.tookUs = 1
            meta.append(result)
            let answer = answers[Int(task.shard)]
            for var hit in answer.hits {
                hit.idOffset += UInt32(ids.count)
                PackedHits.append(hit, to: &hits)
            }
            ids += answer.ids
        }
        let frame = meta.frame(window: UInt32(Self.window), running: 0, queued: 0)
        return WireMessage(
            Header(.reply, epoch: call.header.epoch), frames: [frame, hits, ids])
    }

    func endTurn(in sockets: inout LoopSockets) -> LoopDirective {
        for reply in replies {
            _ = try? sockets.send(reply.frames, on: workers[reply.place].socket)
        }
        replies.removeAll(keepingCapacity: true)
        let now = MonotonicClock.now
        var next = now + .seconds(1)
        for place in workers.indices {
            if workers[place].due <= now { endTurn(of: place, now, sockets) }
            next = min(next, workers[place].due)
        }
        if let onReady, workers.allSatisfy(\.node.isReady) {
            self.onReady = nil
            onReady()
        }
        return isStopping ? .stop : .wait(until: next, now: now)
    }

    private func endTurn(
        of place: Int, _ now: MonotonicInstant, _ sockets: borrowing LoopSockets
    ) {
        workers[place].node.endTurn(at: now)
        for action in workers[place].node.takeActions() {
            switch action {
            case .send(let frames, let link):
                let isSent = (try? sockets.send(frames, on: workers[place].socket)) == .sent
                if !isSent { workers[place].node.sendBlocked(on: link, at: now) }
            case .publish(let frames): _ = try? sockets.send(frames, on: publisher)
            case .probe: workers[place].node.probed(ProbeFindings())
            case .log, .reconnect, .run, .cancel, .finished: break
            }
        }
        workers[place].due = workers[place].node.nextDeadline
    }

    func handle(_ command: Command, in sockets: inout LoopSockets) { isStopping = true }

    func receiveFailed(
        _ error: ZMQError, from socket: SocketHandle, in sockets: inout LoopSockets
    ) {
        logger.error("a simulated worker cannot receive: \(error)")
    }

    func finish(in sockets: inout LoopSockets) {}
}
