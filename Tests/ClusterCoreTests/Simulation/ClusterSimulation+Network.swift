import WireProtocol

@testable import ClusterCore

/// How packets travel.
///
/// A connection keeps the order of its packets, loses none and doubles none, as ZeroMQ over TCP or
/// ipc does; what is under way is lost when it ends. A period of disorder breaks all three promises, so
/// that the machines prove to need less than the transport gives. Only one is kept in another form:
/// a packet that is lost is followed by its connection's end within `lossShowsWithin`. A transport
/// that loses bytes cannot go on, and the protocol relies on that: a lost CREDIT or CALL has no
/// other sign, and nothing is sent twice in case it was lost.
extension ClusterSimulation {
    private static let lossShowsWithin = 1_500

    var delay: Duration { .microseconds(Int.random(in: 20...2_000, using: &random)) }

    /// Sends from a peer; false if its socket is not connected.
    func send(_ frames: [Frame], on socket: SimulatedSocket) -> Bool {
        if socket.connection?.isUp != true {
            guard socket.connectsAt <= now, brokers[socket.broker].opensAt <= now,
                !partitions.contains(where: {
                    $0.separates(socket.owner, from: socket.broker, at: now)
                })
            else { return false }
            connect(socket)
        }
        guard let connection = socket.connection else { return false }
        transmit(frames, over: connection, on: connection.toBroker)
        return true
    }

    private func connect(_ socket: SimulatedSocket) {
        lastPeer += 1
        let id = (0..<8).map { UInt8(truncatingIfNeeded: lastPeer >> (8 * $0)) }
        let connection = SimulatedConnection(
            broker: socket.broker, peer: PeerID(link: socket.link, routingID: id),
            owner: socket.owner)
        connection.begin(socket.disorder)
        socket.connection = connection
        connections.append(connection)
    }

    /// Sends from a broker; false if the connection has ended, or ends while what the peer sent over
    /// it has still to be read, as libzmq does.
    func send(_ frames: [Frame], to peer: PeerID) -> Bool {
        guard let connection = connections.first(where: { $0.peer == peer && $0.isUp }) else {
            return false
        }
        if connection.isEnding, !connection.refusesSends {
            connection.refusesSends = Bool.random(using: &random)
        }
        guard !connection.refusesSends else { return false }
        transmit(frames, over: connection, on: connection.toPeer)
        return true
    }

    private func transmit(
        _ frames: [Frame], over connection: SimulatedConnection, on lane: SimulatedLane
    ) {
        let arrival = now + delay
        guard lane.disorder.until > now else { return lane.append(frames, at: arrival) }
        let late = Duration.milliseconds(Int.random(in: 1...400, using: &random))
        let what = "\(Self.name(of: frames)) \(connection.name(of: lane))"
        switch Int.random(in: 0..<12, using: &random) {
        case 0 where lane.disorder.losesPackets:
            note("network: \(what) is lost")
            let end = Int.random(in: 0...Self.lossShowsWithin, using: &random)
            connection.end(by: now + .milliseconds(end))
        case 1...3:
            note("network: \(what) comes twice, the second time after \(late)")
            lane.insert(frames, at: arrival)
            lane.insert(frames, at: arrival + late)
        case 4...6:
            note("network: \(what) comes after \(late); what is sent later overtakes it")
            lane.insert(frames, at: arrival + late)
        default:
            lane.insert(frames, at: arrival)
        }
    }

    private static func name(of frames: [Frame]) -> String {
        guard let header = frames.first.flatMap({ try? Header.decode($0) }) else { return "?" }
        return header.command.name
    }
}
