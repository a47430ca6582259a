import ClusterCore
import ClusterRuntime
import ZeroMQ

/// All clients of `bench broker`, on one thread with a socket each.
final class LoadClients: SocketLoopHandler {
    enum Command: Sendable {
        /// Pass so many items, and tell what came of it.
        case run(items: Int, @Sendable (Result<Load, any Error>) -> Void)
        case stop
    }

    /// What passing some items took.
    struct Load: Sendable {
        let duration: Duration
        let tally: LoadTally
    }

    private struct Run {
        /// Items not submitted yet.
        var unsent: Int
        var unanswered: Int
        let began: MonotonicInstant
        let completion: @Sendable (Result<Load, any Error>) -> Void
    }

    /// The longest silence of the broker.
    private static let patience = Duration.seconds(10)

    private let load: BrokerLoad
    private var clients: [LoadClient] = []
    private var sockets: [SocketHandle] = []
    private var run: Run?
    private var lastHeard = MonotonicClock.now
    private var isStopping = false

    static func start(
        _ load: BrokerLoad, at endpoint: String
    ) throws -> SocketLoop<LoadClients> {
        try SocketLoop.start(
            name: "bench clients", context: try Context(), inboxCapacity: 4
        ) { sockets in
            try LoadClients(load, endpoint, in: &sockets)
        }
    }

    private init(
        _ load: BrokerLoad, _ endpoint: String, in sockets: inout LoopSockets
    ) throws {
        self.load = load
        for _ in 0..<load.clients {
            clients.append(try LoadClient(load, now: MonotonicClock.now))
            self.sockets.append(try sockets.openDealer(to: endpoint))
        }
    }

    func handle(_ command: Command, in sockets: inout LoopSockets) {
        switch command {
        case .run(let items, let completion):
            lastHeard = MonotonicClock.now
            for place in clients.indices { clients[place].tally = LoadTally() }
            run = Run(
                unsent: items, unanswered: items, began: lastHeard, completion: completion)
        case .stop: isStopping = true
        }
    }

    func receive(_ frames: [Frame], from socket: SocketHandle, in sockets: inout LoopSockets) {
        guard let place = self.sockets.firstIndex(of: socket) else { return }
        lastHeard = MonotonicClock.now
        do {
            let before = clients[place].tally.times.count
            try clients[place].receive(frames, at: lastHeard)
            run?.unanswered -= clients[place].tally.times.count - before
        } catch {
            end(.failure(error))
        }
    }

    func endTurn(in sockets: inout LoopSockets) -> LoopDirective {
        let now = MonotonicClock.now
        do {
            for place in clients.indices { try send(of: place, now, sockets) }
            if run != nil, lastHeard.duration(to: now) > Self.patience {
                throw CommandFailure(.unavailable, "the broker answers nothing any more")
            }
        } catch {
            end(.failure(error))
        }
        if let run, run.unanswered == 0 { end(.success(result(of: run, now))) }
        let next = clients.map(\.nextDeadline).reduce(now + .seconds(1)) { min($0, $1) }
        return isStopping ? .stop : .wait(until: next, now: now)
    }

    private func send(
        of place: Int, _ now: MonotonicInstant, _ sockets: borrowing LoopSockets
    ) throws {
        for frames in try clients[place].messages(at: now) {
            try send(frames, of: place, now, sockets)
        }
        while let unsent = run?.unsent, unsent > 0, clients[place].hasRoom {
            let items = min(unsent, load.batch)
            run?.unsent -= items
            try send(clients[place].submit(items, at: now), of: place, now, sockets)
        }
    }

    private func send(
        _ frames: [Frame], of place: Int, _ now: MonotonicInstant, _ sockets: borrowing LoopSockets
    ) throws {
        guard try sockets.send(frames, on: self.sockets[place]) != .sent else { return }
        try clients[place].sendBlocked(at: now)
    }

    private func result(of run: Run, _ now: MonotonicInstant) -> Load {
        var tally = LoadTally()
        for client in clients { tally.add(client.tally) }
        return Load(duration: run.began.duration(to: now), tally: tally)
    }

    private func end(_ result: Result<Load, any Error>) {
        run?.completion(result)
        run = nil
    }

    func receiveFailed(
        _ error: ZMQError, from socket: SocketHandle, in sockets: inout LoopSockets
    ) {
        end(.failure(error))
    }

    func finish(in sockets: inout LoopSockets) {
        end(.failure(CommandFailure(.partial, "the clients of the bench have ended")))
    }
}
