import SearchIndex
import TestSupport
import WireProtocol

@testable import ClusterCore

/// A whole cluster in one thread, on a virtual clock and network; everything follows from a seed.
final class ClusterSimulation {
    private(set) var random: SeededRandom
    private(set) var now = MonotonicInstant(nanoseconds: 1_000_000_000)
    private(set) var brokers: [SimulatedBroker] = []
    private(set) var workers: [SimulatedWorker] = []
    private(set) var clients: [SimulatedClient] = []
    private(set) var trace: [String] = []
    let corpus: SimulatedCorpus
    let hasFaults: Bool
    /// The longest service time of a job, in microseconds.
    private let slowest: Int
    private var connections: [SimulatedConnection] = []
    private var faults: [MonotonicInstant] = []
    private var lastPeer: UInt64 = 0
    private(set) var steps = 0

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        hasFaults = seed % 4 != 0
        slowest = !hasFaults || seed % 3 == 0 ? 20_000 : 400_000
        corpus = SimulatedCorpus(
            shardCount: Int.random(in: 1...4, using: &random), random: &random)
        for number in 0..<Int.random(in: 1...2, using: &random) {
            brokers.append(
                SimulatedBroker(name: "b\(number)", epoch: random.next() >> 11, now: now))
        }
        for number in 0..<Int.random(in: 2...4, using: &random) { addWorker(number) }
        for number in 0..<Int.random(in: 1...3, using: &random) { addClient(number) }
        guard hasFaults else { return }
        faults = (0..<Int.random(in: 1...12, using: &random)).map { _ in
            now + .milliseconds(Int.random(in: 0...12_000, using: &random))
        }
        faults.sort()
    }

    private func addWorker(_ number: Int) {
        var index = corpus.served
        // Two workers have everything, so that one loss leaves every shard served.
        for shard in 0..<corpus.shardCount where number < 2 || Bool.random(using: &random) {
            var served = WireServedShard()
            served.shard = UInt32(shard)
            served.generation = 1
            served.liveDocuments = corpus.documentCount(ofShard: shard)
            index.shards.append(served)
        }
        var settings = WorkerSettings(
            name: "w\(number)", pool: "p", incarnation: random.next() >> 11, pid: 1, host: "h",
            slots: Int.random(in: 1...3, using: &random), indexes: [index],
            brokerCount: brokers.count)
        settings.maxTasks = Int.random(in: 4...64, using: &random)
        let worker = SimulatedWorker(settings: settings)
        start(worker)
        workers.append(worker)
    }

    private func start(_ worker: SimulatedWorker) {
        worker.machine = WorkerNode(
            settings: worker.settings, now: now, random: SeededRandom(seed: random.next()))
        worker.restartsAt = nil
    }

    private func addClient(_ number: Int) {
        let settings = ClientSettings(
            name: "c\(number)", brokerCount: brokers.count,
            firstBroker: number, resultWindow: Int.random(in: 1...32, using: &random))
        let core = ClientCore(
            settings: settings, now: now, random: SeededRandom(seed: random.next()))
        let client = SimulatedClient(name: settings.name, machine: core)
        for _ in 0..<Int.random(in: 1...4, using: &random) { plan(for: client) }
        client.planned.sort { $0.at < $1.at }
        clients.append(client)
    }

    private func plan(for client: SimulatedClient) {
        let at = now + .milliseconds(Int.random(in: 0...8_000, using: &random))
        // Only where faults excuse what it may lack.
        let minimumCoverage: Double? =
            hasFaults && Bool.random(using: &random)
            ? [0, 0.3, 0.6].randomElement(using: &random) : nil
        let shortest = minimumCoverage == nil ? 2_000 : 200
        let batch = (0..<Int.random(in: 1...20, using: &random)).map { _ in
            SimulatedClient.Asked(
                text: (0..<Int.random(in: 1...3, using: &random)).map { _ in
                    SimulatedCorpus.words[Int.random(in: 0..<6, using: &random)]
                }.joined(separator: " "),
                limit: Int.random(in: 0...12, using: &random),
                offset: Int.random(in: 0...5, using: &random),
                wantsDocuments: Bool.random(using: &random), minimumCoverage: minimumCoverage,
                at: at)
        }
        client.planned.append(
            (at, batch, .milliseconds(Int.random(in: shortest...10 * shortest, using: &random))))
    }

    func note(_ text: @autoclosure () -> String) {
        guard trace.count < 5_000 else { return }
        trace.append("\(now.nanoseconds / 1_000) µs  \(text())")
    }
}

// MARK: The loop

extension ClusterSimulation {
    /// Runs until every client has its answers and the cluster is quiet.
    ///
    /// - Returns: false if that did not come about in time.
    func run() -> Bool {
        let limit = now + .seconds(90)
        var quietAt: MonotonicInstant?
        while now < limit, steps < 400_000 {
            steps += 1
            step()
            let isDone = clients.allSatisfy { $0.planned.isEmpty && $0.machine.batches.isEmpty }
            guard isDone, faults.isEmpty else { continue }
            // Long enough for every session that is gone to be noticed.
            let end = quietAt ?? now + .seconds(11)
            quietAt = end
            if now >= end { return true }
        }
        return false
    }

    private func step() {
        let next = nextInstant()
        now = max(next, now + .microseconds(1))
        if let fault = faults.first, fault <= now {
            faults.removeFirst()
            injectFault()
        }
        for position in brokers.indices where nextInstant(ofBroker: position) <= now {
            turn(of: brokers[position], at: position)
        }
        for worker in workers where nextInstant(of: worker) <= now { turn(of: worker) }
        for client in clients where nextInstant(of: client) <= now { turn(of: client) }
        connections.removeAll { !$0.isUp }
    }

    private func nextInstant() -> MonotonicInstant {
        var next = faults.first ?? .distantFuture
        for position in brokers.indices { next = min(next, nextInstant(ofBroker: position)) }
        for worker in workers { next = min(next, nextInstant(of: worker)) }
        for client in clients { next = min(next, nextInstant(of: client)) }
        return next
    }

    private func nextInstant(ofBroker position: Int) -> MonotonicInstant {
        var next = brokers[position].machine.nextDeadline
        for connection in connections where connection.broker == position {
            if let first = connection.toBroker.first { next = min(next, first.at) }
        }
        return max(next, brokers[position].pausedUntil)
    }

    private func nextInstant(of worker: SimulatedWorker) -> MonotonicInstant {
        var next = worker.machine?.nextDeadline ?? worker.restartsAt ?? .distantFuture
        for running in worker.running { next = min(next, running.endsAt) }
        for socket in worker.sockets { next = min(next, arrival(on: socket)) }
        return max(next, worker.pausedUntil)
    }

    private func nextInstant(of client: SimulatedClient) -> MonotonicInstant {
        let own = min(client.machine.nextDeadline, client.planned.first?.at ?? .distantFuture)
        return max(min(own, arrival(on: client.socket)), client.pausedUntil)
    }

    private func arrival(on socket: SimulatedSocket) -> MonotonicInstant {
        socket.connection?.toPeer.first?.at ?? .distantFuture
    }

    private var delay: Duration { .microseconds(Int.random(in: 20...2_000, using: &random)) }

    /// False if the socket is not connected.
    private func send(_ frames: [Frame], on socket: SimulatedSocket) -> Bool {
        if socket.connection?.isUp != true {
            guard socket.connectsAt <= now else { return false }
            lastPeer += 1
            let id = (0..<8).map { UInt8(truncatingIfNeeded: lastPeer >> (8 * $0)) }
            let connection = SimulatedConnection(
                broker: socket.broker, peer: PeerID(link: socket.link, routingID: id))
            socket.connection = connection
            connections.append(connection)
        }
        guard let connection = socket.connection else { return false }
        SimulatedConnection.add(frames, to: &connection.toBroker, at: now + delay)
        return true
    }

    private func turn(of broker: SimulatedBroker, at position: Int) {
        for connection in connections where connection.broker == position && connection.isUp {
            for frames in SimulatedConnection.takeDue(&connection.toBroker, at: now) {
                broker.machine.receive(frames, from: connection.peer, at: now)
            }
        }
        broker.machine.endTurn(at: now)
        for action in broker.machine.takeActions() {
            switch action {
            case .log(_, let text): note("\(broker.name): \(text)")
            case .send(let frames, let peer):
                if let target = connections.first(where: { $0.peer == peer && $0.isUp }) {
                    SimulatedConnection.add(frames, to: &target.toPeer, at: now + delay)
                } else {
                    broker.machine.sendFailed(to: peer, blocked: false, at: now)
                }
            }
        }
    }

    private func turn(of worker: SimulatedWorker) {
        if let restart = worker.restartsAt, restart <= now { start(worker) }
        guard worker.machine != nil else { return }
        for (position, socket) in worker.sockets.enumerated() {
            guard let connection = socket.connection else { continue }
            for frames in SimulatedConnection.takeDue(&connection.toPeer, at: now) {
                worker.machine?.receive(frames, on: BrokerLink(position: position), at: now)
            }
        }
        for running in worker.running where running.endsAt <= now {
            let isLate = running.job.deadline < now
            let outcome: JobOutcome =
                running.isCancelled
                ? .failed(.cancelled, "")
                : isLate ? .failed(.deadline, "") : corpus.run(running.job)
            worker.machine?.finished(
                running.job.id, outcome, elapsed: running.startedAt.duration(to: now), at: now)
        }
        worker.running.removeAll { $0.endsAt <= now }
        worker.machine?.endTurn(at: now)
        for action in worker.machine?.takeActions() ?? [] { carryOut(action, of: worker) }
    }

    private func carryOut(_ action: WorkerAction, of worker: SimulatedWorker) {
        switch action {
        case .send(let frames, let link):
            if !send(frames, on: worker.sockets[link.position]) {
                worker.machine?.sendBlocked(on: link, at: now)
            }
        case .reconnect(let link): worker.sockets[link.position].connection?.drop()
        case .run(let job):
            let service = Duration.microseconds(Int.random(in: 50...slowest, using: &random))
            worker.running.append(.init(job: job, startedAt: now, endsAt: now + service))
        case .cancel(let id):
            for position in worker.running.indices where worker.running[position].job.id == id {
                worker.running[position].isCancelled = true
                worker.running[position].endsAt = min(
                    worker.running[position].endsAt, now + .milliseconds(1))
            }
        case .log(_, let text): note("\(worker.name): \(text)")
        case .probe: worker.machine?.probed(ProbeFindings())
        case .publish, .finished: break
        }
    }

    private func turn(of client: SimulatedClient) {
        for frames in client.socket.connection.map({
            SimulatedConnection.takeDue(&$0.toPeer, at: now)
        }) ?? [] {
            client.machine.receive(frames, at: now)
        }
        while let plan = client.planned.first, plan.at <= now {
            client.planned.removeFirst()
            submit(plan.batch, budget: plan.budget, from: client)
        }
        client.machine.endTurn(at: now)
        for action in client.machine.takeActions() { carryOut(action, of: client) }
    }

    private func submit(
        _ batch: [SimulatedClient.Asked], budget: Duration, from client: SimulatedClient
    ) {
        let ticket = UInt64(client.batches.count + 1)
        client.batches[ticket] = batch
        var settings = WireSubmit()
        settings.indexes = ["i"]
        settings.ledger = .full
        settings.loadBalancing =
            WireLoadBalancing.allCases.randomElement(using: &random) ?? .default
        if let coverage = batch.first?.minimumCoverage {
            settings.allowPartial = true
            settings.minCoverage = coverage
        }
        let items = batch.map { asked in
            var item = WireItem()
            item.text = asked.text
            item.limit = UInt32(asked.limit)
            item.offset = UInt32(asked.offset)
            item.documents = asked.wantsDocuments ? .source : .none
            return item
        }
        client.machine.submit(
            ClientBatch(settings: settings, items: items, budget: budget),
            as: ClientTicket(number: ticket), at: now)
    }

    private func carryOut(_ action: ClientAction, of client: SimulatedClient) {
        switch action {
        case .send(let frames):
            if !send(frames, on: client.socket) { client.machine.sendBlocked(at: now) }
        case .reconnect(let broker):
            client.socket.connection?.drop()
            client.socket.connection = nil
            client.socket.broker = broker
        case .answer(let ticket, let item, let outcome):
            client.batches[ticket.number]?[item].answers.append(outcome)
            if case .failure(let failure) = outcome {
                note(
                    "\(client.name): \(ticket.number)/\(item) \(failure.code.name) \(failure.message)"
                )
            }
        case .done(let ticket): client.done.insert(ticket.number)
        case .log(_, let text): note("\(client.name): \(text)")
        case .reply, .closed: break
        }
    }
}

// MARK: Faults

extension ClusterSimulation {
    private func injectFault() {
        let pause = Duration.milliseconds(Int.random(in: 10...6_000, using: &random))
        switch Int.random(in: 0..<10, using: &random) {
        case 0...2:
            let worker = workers[Int.random(in: 0..<workers.count, using: &random)]
            note("fault: \(worker.name) crashes")
            for socket in worker.sockets { socket.connection?.drop() }
            worker.machine = nil
            worker.running = []
            worker.settings.incarnation = random.next() >> 11
            worker.restartsAt = now + pause
        case 3...4:
            let worker = workers[Int.random(in: 0..<workers.count, using: &random)]
            note("fault: \(worker.name) pauses for \(pause)")
            worker.pausedUntil = now + pause
        case 5:
            let client = clients[Int.random(in: 0..<clients.count, using: &random)]
            note("fault: \(client.name) pauses for \(pause)")
            client.pausedUntil = now + pause
        case 6:
            let broker = brokers[Int.random(in: 0..<brokers.count, using: &random)]
            note("fault: \(broker.name) pauses for \(pause)")
            broker.pausedUntil = now + pause
        case 7: restartBroker()
        default:
            let sockets = workers.flatMap(\.sockets) + clients.map(\.socket)
            let socket = sockets[Int.random(in: 0..<sockets.count, using: &random)]
            note("fault: a connection to b\(socket.broker) drops for \(pause)")
            socket.connection?.drop()
            socket.connectsAt = now + pause
        }
    }

    private func restartBroker() {
        let position = Int.random(in: 0..<brokers.count, using: &random)
        note("fault: \(brokers[position].name) restarts")
        for connection in connections where connection.broker == position { connection.drop() }
        brokers[position].restart(epoch: random.next() >> 11, now: now)
    }
}
