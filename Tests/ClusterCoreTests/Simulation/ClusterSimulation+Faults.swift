import WireProtocol

@testable import ClusterCore

/// Things going wrong.
extension ClusterSimulation {
    func injectFault() {
        let fault = faultMix[Int.random(in: 0..<faultMix.count, using: &random)]
        let length = Duration.milliseconds(Int.random(in: 10...6_000, using: &random))
        switch fault {
        case .workerCrash: crash(randomWorker)
        case .workerLeaves: drain(randomWorker)
        case .workerPause: pause(randomWorker, for: length)
        case .supervisorPause: if let supervisor { pause(supervisor, for: length) }
        case .clientPause: pause(randomClient, for: length)
        case .brokerPause: pause(randomBroker, for: length)
        case .brokerRestart: restartBroker()
        case .connectionDrop: dropConnection(for: length)
        case .disorder: disorder()
        case .partition: separate(for: length)
        case .clockJump: jump(by: length)
        case .slowDisk: slowDown(randomWorker, for: length)
        case .workerAils:
            ail(randomWorker, isGrave: Bool.random(using: &random), for: length)
        case .clientLeaves: leave(randomClient)
        case .clientVanishes: vanish(randomClient)
        }
    }

    var randomWorker: SimulatedWorker {
        workers[Int.random(in: 0..<workers.count, using: &random)]
    }
    private var randomClient: SimulatedClient {
        clients[Int.random(in: 0..<clients.count, using: &random)]
    }
    private var randomBroker: SimulatedBroker {
        brokers[Int.random(in: 0..<brokers.count, using: &random)]
    }
    /// Of any node, or of none but workers and clients.
    private func randomSocket(ofSupervisorToo: Bool = true) -> SimulatedSocket {
        var sockets = workers.flatMap(\.sockets) + clients.map(\.socket)
        if ofSupervisorToo { sockets += supervisor?.links.map(\.socket) ?? [] }
        return sockets[Int.random(in: 0..<sockets.count, using: &random)]
    }

    /// A fault that goes on until then.
    func lasts(until instant: MonotonicInstant) { calmAt = max(calmAt, instant) }
}

// MARK: Nodes

extension ClusterSimulation {
    private func crash(_ worker: SimulatedWorker) {
        note("fault: \(worker.name) crashes")
        ended(worker, .killed(signal: 11), linger: .zero)
    }

    /// A process is gone; another one takes its place after a while.
    func end(_ worker: SimulatedWorker, for length: Duration, linger: Duration) {
        for socket in worker.sockets { socket.disconnect(at: now, linger: linger) }
        worker.machine = nil
        worker.running = []
        worker.probeEndsAt = nil
        worker.settings.incarnation = random.next() >> 11
        worker.wakesAt = now + length
        worker.dueAt = worker.wakesAt
        lasts(until: now + length)
    }

    private func pause(_ node: SimulatedNode, for length: Duration) {
        note("fault: \(node.name) pauses for \(length)")
        node.pausedUntil = now + length
        lasts(until: now + length)
    }

    private func restartBroker() {
        let position = Int.random(in: 0..<brokers.count, using: &random)
        let length = Bool.random(using: &random) ? 0 : Int.random(in: 50...2_000, using: &random)
        let opensAt = now + .milliseconds(length)
        note("fault: \(brokers[position].name) is away for \(length) ms, with another epoch then")
        for connection in connections where connection.broker == position { connection.drop() }
        brokers[position].restart(epoch: random.next() >> 11, at: opensAt)
        lasts(until: opensAt)
    }

    private func jump(by length: Duration) {
        let nodes: [SimulatedNode] = brokers + workers + clients + [supervisor].compactMap(\.self)
        let node = nodes[Int.random(in: 0..<nodes.count, using: &random)]
        note("fault: the clock of \(node.name) jumps by \(length)")
        node.clockOffset += length
        node.wakesAt = now
        lasts(until: now)
    }

    private func slowDown(_ worker: SimulatedWorker, for length: Duration) {
        worker.slowness = Int.random(in: 5...50, using: &random)
        worker.slowUntil = now + length
        note("fault: jobs of \(worker.name) take \(worker.slowness) times as long for \(length)")
        lasts(until: now + length)
    }

    private func leave(_ client: SimulatedClient) {
        guard client.departure == nil else { return }
        note("fault: \(client.name) leaves with \(client.machine.batches.count) batches open")
        client.dropPlans()
        client.machine.close(at: client.local(now))
        for action in client.machine.takeActions() { carryOut(action, of: client) }
        client.departure = .left
        // The socket lingers for what was sent last.
        client.socket.disconnect(at: now, linger: .milliseconds(20))
        lasts(until: now)
    }

    private func vanish(_ client: SimulatedClient) {
        guard client.departure == nil else { return }
        let isSeen = Bool.random(using: &random)
        let how = isSeen ? "its connection ends" : "nobody is told"
        note("fault: \(client.name) vanishes; \(how)")
        client.departure = .vanished
        if isSeen { client.socket.disconnect(at: now, linger: .zero) }
        lasts(until: now)
    }
}

// MARK: Network

extension ClusterSimulation {
    private func dropConnection(for length: Duration) {
        let socket = randomSocket()
        note("fault: the connection of \(socket.owner) with b\(socket.broker) drops for \(length)")
        socket.connection?.drop()
        socket.connectsAt = now + length
        lasts(until: now + length)
    }

    private func disorder() {
        // A report is the whole truth, so one that is overtaken by an older one would stay wrong.
        let socket = randomSocket(ofSupervisorToo: false)
        let length = Duration.milliseconds(Int.random(in: 100...1_500, using: &random))
        let disorder = Disorder(
            until: now + length, losesPackets: Int.random(in: 0..<3, using: &random) == 0)
        // A session that begins then is disturbed as well.
        let isAnew = Bool.random(using: &random)
        note(
            "fault: \(isAnew ? "a new" : "the") connection of \(socket.owner) with "
                + "b\(socket.broker) doubles and reorders packets for \(length)"
                + (disorder.losesPackets ? ", and loses some" : ""))
        if isAnew { socket.connection?.drop() }
        socket.disorder = disorder
        socket.connection?.begin(disorder)
        // What is late or lost then shows within two seconds more.
        lasts(until: now + length + .seconds(2))
    }

    /// Nothing gets through; what is sent waits until the connection heals, or vanishes with it. A
    /// connection cannot be made meanwhile, since that takes both directions.
    private func separate(for length: Duration) {
        let (socket, until) = (randomSocket(), now + length)
        let broker = Bool.random(using: &random) ? socket.broker : nil
        let way = Int.random(in: 0..<3, using: &random)
        let heals = Bool.random(using: &random)
        let other = broker.map { "b\($0)" } ?? "any broker"
        let paths = [
            "from \(socket.owner) to \(other)", "from \(other) to \(socket.owner)",
            "between \(socket.owner) and \(other)",
        ]
        note(
            "fault: nothing gets through \(paths[way]) for \(length); "
                + (heals ? "it waits" : "it is lost with the connection"))
        partitions.removeAll { $0.until <= now }
        let partition = SimulatedPartition(node: socket.owner, broker: broker, until: until)
        partitions.append(partition)
        for connection in connections
        where partition.separates(connection.owner, from: connection.broker, at: now) {
            if way != 1 { connection.toBroker.hold(until: until) }
            if way != 0 { connection.toPeer.hold(until: until) }
            if !heals { connection.end(by: until) }
        }
        lasts(until: until)
    }
}
