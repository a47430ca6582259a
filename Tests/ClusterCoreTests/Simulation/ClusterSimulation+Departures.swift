import WireProtocol

@testable import ClusterCore

/// Nodes that leave as they should.
///
/// Where nothing else goes wrong they do it one after the other, so that every shard always has a
/// replica in service: then no item may fail for it.
extension ClusterSimulation {
    /// Between looks at whether all nodes are in service again.
    private static let patience = Duration.milliseconds(20)

    /// Most of them while there is work.
    func planDepartures() {
        limitRetries()
        let submissions = clients.flatMap(\.planned).map(\.at)
        for instant in submissions {
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                departures.append(
                    instant + .microseconds(Int.random(in: 0...slowest, using: &random)))
            }
        }
        departures.append(now + .milliseconds(Int.random(in: 0...8_000, using: &random)))
        departures.sort()
    }

    /// Little enough of it that a few nodes here use it up as many do elsewhere.
    func limitRetries() {
        for broker in brokers {
            broker.machine.retryBudget = TokenBucket(share: 0.1, burst: 4)
        }
    }

    /// A node stops by itself, or as an operator says; or is inactive or unhealthy for a while.
    func depart() {
        guard hasBeenWhole else {
            departures[0] = now + Self.patience
            departures.sort()
            return
        }
        wholeSince = nil
        departures.removeFirst()
        let worker = randomWorker
        let length = Duration.milliseconds(Int.random(in: 100...3_000, using: &random))
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
            drain(worker)
            // Its loop comes to it late, so that much that was sent meanwhile must go elsewhere.
            worker.pausedUntil = now + longestPause * Double.random(in: 0...1, using: &random)
            lasts(until: worker.pausedUntil)
        case 1: order(randomEnd(of: worker.name))
        case 2: ail(worker, isGrave: true, for: length)
        case 3:
            // All may be degraded at once.
            for worker in workers where Bool.random(using: &random) {
                ail(worker, isGrave: false, for: length)
            }
        default:
            var node = WireSetNode()
            node.name = worker.name
            node.active = false
            let client = order(Self.admin(node))
            node.active = true
            let later = now + .milliseconds(Int.random(in: 10...1_500, using: &random))
            client.plannedRequests.append((later, .administer(Self.admin(node))))
        }
    }

    /// A worker is told to end once it has done its work.
    func drain(_ worker: SimulatedWorker) {
        guard worker.machine != nil else { return }
        note("\(worker.name): drains")
        worker.machine?.drain(at: worker.local(now))
        worker.wakesAt = now
        worker.dueAt = now
        lasts(until: now)
    }

    /// An operator asks the broker of some client for a change.
    @discardableResult
    private func order(_ change: WireAdmin) -> SimulatedClient {
        let client = clients[Int.random(in: 0..<clients.count, using: &random)]
        client.plannedRequests.append((now, .administer(change)))
        note("\(client.name): asks for \(change)")
        return client
    }

    /// Whether that was so at two looks: a DRAIN may still be under way when its order is answered.
    private var hasBeenWhole: Bool {
        guard isWhole else {
            wholeSince = nil
            return false
        }
        let since = wholeSince ?? now
        wholeSince = since
        return since + Self.patience <= now
    }

    /// Whether every node is in service with every broker, and no change is under way.
    private var isWhole: Bool {
        let isAnyAsking = clients.contains {
            !$0.plannedRequests.isEmpty || !$0.machine.brokerRequests.isEmpty
        }
        guard !isAnyAsking else { return false }
        return workers.allSatisfy { worker in
            worker.machine?.isDraining == false && !isAiling(worker)
                && brokers.allSatisfy { $0.serves(worker.settings.incarnation) }
        }
    }
}

extension SimulatedBroker {
    /// Whether a worker's process may be given tasks.
    func serves(_ incarnation: UInt64) -> Bool {
        machine.workers.values.contains { $0.incarnation == incarnation && $0.isServing }
    }
}
