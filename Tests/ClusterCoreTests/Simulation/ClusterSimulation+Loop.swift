import WireProtocol

@testable import ClusterCore

/// The passing of time.
extension ClusterSimulation {
    /// Long enough for every session that is gone to be noticed, and for every node to join again.
    private static let calm = Duration.seconds(11)
    /// Every so many steps everybody's memory is looked at.
    private static let checkpoint = 64

    /// Runs until every client has its answers and the cluster is quiet; then every client asks once
    /// more, to see that the cluster works as before.
    ///
    /// - Returns: false if that did not come about in time.
    func run() -> Bool {
        guard runUntilDone(andThenFor: Self.calm) else { return false }
        note("all faults are over; every client asks once more")
        for (position, client) in clients.enumerated() where client.departure == nil {
            probe(client, at: now + .seconds(3 * position) + .milliseconds(1))
        }
        return runUntilDone(andThenFor: .seconds(1))
    }

    /// - Parameter pause: how long it goes on after that.
    private func runUntilDone(andThenFor pause: Duration) -> Bool {
        let limit = now + .seconds(90)
        var quietAt: MonotonicInstant?
        while now < limit, steps < 400_000 {
            steps += 1
            step()
            if steps % Self.checkpoint == 0 {
                checkBounds()
                reviveWorkers()
            }
            guard faults.isEmpty, departures.isEmpty, clients.allSatisfy(\.isDone) else { continue }
            // A worker that is only now started or given up joins within the calm.
            if !areWorkersReady { lasts(until: now) }
            let quiet = quietAt ?? now
            quietAt = quiet
            if now >= max(quiet, calmAt) + pause { return true }
        }
        return false
    }

    private func step() {
        now = max(nextInstant(), now + .microseconds(1))
        for connection in connections where connection.endsAt <= now {
            note("the connection of \(connection.owner) with b\(connection.broker) ends")
            connection.drop()
        }
        if let fault = faults.first, fault <= now {
            faults.removeFirst()
            injectFault()
        }
        checkLosses()
        if let departure = departures.first, departure <= now { depart() }
        for (position, broker) in brokers.enumerated() where isDue(broker) {
            turn(of: broker, at: position)
        }
        for worker in workers where isDue(worker) { turn(of: worker) }
        if let supervisor, isDue(supervisor) { turn(of: supervisor) }
        for client in clients where isDue(client) { turn(of: client) }
        connections.removeAll { !$0.isUp }
    }

    private func isDue(_ node: SimulatedNode) -> Bool {
        node.dueAt <= now && node.pausedUntil <= now
    }

    private func nextInstant() -> MonotonicInstant {
        var next = min(faults.first ?? .distantFuture, departures.first ?? .distantFuture)
        for connection in connections { next = min(next, connection.endsAt) }
        for (position, broker) in brokers.enumerated() {
            broker.dueAt = nextInstant(of: broker, at: position)
            next = min(next, broker.dueAt)
        }
        for worker in workers {
            worker.dueAt = nextInstant(of: worker)
            next = min(next, worker.dueAt)
        }
        if let supervisor {
            supervisor.dueAt = max(supervisor.nextInstant, supervisor.pausedUntil)
            next = min(next, supervisor.dueAt)
        }
        for client in clients {
            client.dueAt = nextInstant(of: client)
            next = min(next, client.dueAt)
        }
        return next
    }

    private func nextInstant(of broker: SimulatedBroker, at position: Int) -> MonotonicInstant {
        var next = min(broker.wakesAt, broker.reports.nextArrival ?? .distantFuture)
        for connection in connections where connection.broker == position {
            if let arrival = connection.toBroker.nextArrival { next = min(next, arrival) }
        }
        return max(next, broker.pausedUntil)
    }

    private func nextInstant(of worker: SimulatedWorker) -> MonotonicInstant {
        guard worker.isRunning else { return .distantFuture }
        var next = min(worker.wakesAt, worker.probeEndsAt ?? .distantFuture)
        for running in worker.running { next = min(next, running.endsAt) }
        for socket in worker.sockets { next = min(next, socket.nextArrival) }
        return max(next, worker.pausedUntil)
    }

    private func nextInstant(of client: SimulatedClient) -> MonotonicInstant {
        guard client.departure == nil else { return .distantFuture }
        let next = min(client.wakesAt, client.nextPlan, client.socket.nextArrival)
        return max(next, client.pausedUntil)
    }
}
