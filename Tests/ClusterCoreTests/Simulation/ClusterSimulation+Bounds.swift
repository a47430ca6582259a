import DequeModule
import HeapModule
import OrderedCollections
import WireProtocol

@testable import ClusterCore

/// What every machine may hold between two turns, whatever happens to it.
extension ClusterSimulation {
    func checkBounds() {
        for broker in brokers {
            broker.mostItems = max(broker.mostItems, broker.machine.items.count)
            for (rule, holds) in bounds(of: broker) where !holds {
                violated("\(broker.name): \(rule)")
            }
            let kept = broker.machine.unwantedTasks.filter { !broker.audit.isCancelled($0) }
            if !kept.isEmpty { violated("\(broker.name): no CANCEL of the tasks \(kept)") }
        }
        for worker in workers {
            guard let machine = worker.machine else { continue }
            if machine.jobs.count > worker.settings.maxTasks { violated("\(worker.name): jobs") }
            if machine.jobOfTask.count > machine.jobs.count { violated("\(worker.name): tasks") }
            let mayWait = machine.queued >= worker.settings.slots
            if !machine.replies.isEmpty, !mayWait {
                violated("\(worker.name): replies that are not sent")
            }
        }
        for client in clients {
            let machine = client.machine
            if machine.requests.count > machine.batches.count {
                violated("\(client.name): requests without a batch")
            }
        }
    }

    /// Each bound of a broker in words, and whether it is kept.
    private func bounds(of broker: SimulatedBroker) -> [(String, Bool)] {
        let (machine, most) = (broker.machine.summary, broker.mostItems)
        let names = workers.count + clients.count
        return [
            ("tasks that no worker has", machine.tasks == machine.tasksAtWorkers),
            ("wanted tasks of items that have ended", machine.areTasksOfItems),
            ("items that no client has", machine.items == machine.itemsOfClients),
            ("connections without a session", machine.peers == machine.sessions),
            ("\(machine.records) names of workers", machine.records <= workers.count),
            ("\(machine.sessions) sessions", machine.sessions <= 4 * names),
            // Between two additions of an entry, items may end.
            ("\(machine.timers) timers for \(most) items", machine.timers <= 5 * most + 1_025),
            (
                "\(machine.ready) parts queued",
                machine.ready <= (2 * most + 65) * corpora.shardCount
            ),
            ("items in clients' queues", machine.areQueuesBounded),
            ("parked items that ended", machine.areParkedItemsLive),
            ("work that was not sent with its turn", machine.isFlushed),
        ]
    }
}

/// How much a broker holds. Taken by a method, since a broker cannot be copied.
struct BrokerSummary {
    let items: Int
    let itemsOfClients: Int
    let tasks: Int
    let tasksAtWorkers: Int
    let peers: Int
    let sessions: Int
    let records: Int
    let timers: Int
    let ready: Int
    let areTasksOfItems: Bool
    let areQueuesBounded: Bool
    let areParkedItemsLive: Bool
    let isFlushed: Bool
}

extension Broker {
    var summary: BrokerSummary {
        let most = 2 * ProtocolLimits.maxOutstandingItems
        return BrokerSummary(
            items: items.count, itemsOfClients: clients.values.reduce(0) { $0 + $1.outstanding },
            tasks: tasks.count,
            tasksAtWorkers: workers.values.reduce(0) { $0 + $1.inFlight.count },
            peers: peers.count, sessions: workers.count + clients.count + supervisors.count,
            records: records.count, timers: timers.count, ready: readyParts,
            areTasksOfItems: tasks.values.allSatisfy { !$0.isWanted || items[$0.item.id] != nil },
            areQueuesBounded: clients.values.allSatisfy {
                $0.waiting.count <= 2 * $0.outstanding + 66 && $0.started <= $0.outstanding
                    && $0.unacknowledged.count <= $0.window + most
            },
            areParkedItemsLive: parked.allSatisfy { items[$0] != nil },
            isFlushed: outgoing.isEmpty && cancellations.isEmpty && lateItems.isEmpty)
    }

    /// Tasks that workers were sent, and whose answers no longer matter.
    var unwantedTasks: [UInt64] {
        tasks.values.filter { task in
            !task.isWanted && !task.worker.waitingFetches.contains { $0 === task }
        }.map(\.id.number).sorted()
    }

    /// In the queues of all shards, ended ones included.
    private var readyParts: Int {
        map.allHandles.reduce(0) { sum, handle in
            sum + map[handle].shards.reduce(0) { $0 + $1.ready.count }
        }
    }
}
