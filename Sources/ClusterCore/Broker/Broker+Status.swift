import DequeModule
import OrderedCollections
package import WireMessages
import WireProtocol

/// The broker's view of the cluster.
extension Broker {
    /// A snapshot of everything `swiftlet status` shows. O(sessions + shards × replicas).
    package func status(_ now: MonotonicInstant) -> WireStatusReply {
        var reply = WireStatusReply()
        reply.broker = counters.wire
        reply.broker.name = settings.name
        reply.broker.epoch = settings.epoch
        reply.broker.zone = settings.zone
        reply.broker.eventSequence = lastEvent
        reply.broker.settings = configuration.wire
        reply.broker.uptimeMs = startedAt.duration(to: now).wholeMicroseconds / 1_000
        reply.broker.itemsWaiting = UInt32(clamping: items.count)
        reply.broker.tasksInFlight = UInt32(clamping: tasks.count)
        times.describe(in: &reply.broker)
        reply.indexes = map.indexes.map { status(of: $0) }
        reply.workers = records.map { status(of: $0.key, $0.value, now) }
        reply.clients = clients.values.sorted { $0.key.number < $1.key.number }.map { client in
            var status = WireClientStatus()
            status.name = client.name
            status.outstandingItems = UInt32(clamping: client.outstanding)
            status.unacknowledgedResults = UInt32(clamping: client.unacknowledged.count)
            return status
        }
        reply.supervisors = supervisors.values.sorted { $0.name < $1.name }
            .compactMap(\.report)
        return reply
    }

    private func status(of index: ServedIndex) -> WireIndexStatus {
        var status = WireIndexStatus()
        status.name = index.name
        status.buildID = index.buildID
        status.shardCount = UInt32(index.shards.count)
        status.documents = index.documents
        status.shards = index.shards.enumerated().map { number, shard in
            var status = WireShardStatus()
            status.shard = UInt32(number)
            status.liveDocuments = shard.liveDocuments
            status.workers = shard.replicas.workers.compactMap { key in
                workers[key].flatMap { $0.isServing ? $0.name : nil }
            }.sorted()
            return status
        }
        return status
    }

    private func status(
        of name: String, _ record: WorkerRecord, _ now: MonotonicInstant
    ) -> WireWorkerStatus {
        var status = WireWorkerStatus()
        status.name = name
        status.timesLost = record.timesLost
        status.refusal = record.refusal
        status.inactive = record.isInactive
        if let (health, at) = record.health {
            status.health = health
            status.healthAgeMs = at.duration(to: now).wholeMicroseconds / 1_000
        }
        if let worker = record.lastSession.flatMap({ workers[$0] }) {
            describe(worker, in: &status, now)
        } else if let ended = record.ended {
            status.state = ended.state
            status.pid = ended.process.pid
            status.host = ended.process.host
            status.pool = ended.pool
            status.tasksDone = ended.tasksDone
            status.tasksFailed = ended.tasksFailed
            status.silentMs = ended.at.duration(to: now).wholeMicroseconds / 1_000
        }
        return status
    }

    private func describe(
        _ worker: WorkerSession, in status: inout WireWorkerStatus, _ now: MonotonicInstant
    ) {
        status.state =
            worker.standing.isDraining
            ? .draining : worker.standing.isSuspected ? .suspected : .ready
        status.pool = worker.pool
        status.pid = worker.pid
        status.host = worker.host
        status.slots = UInt32(clamping: worker.slots)
        status.weight = worker.standing.weight
        status.breaker = worker.breaker.wire(at: now)
        status.zone = worker.zone
        status.grade = worker.standing.grade
        status.window = UInt32(clamping: worker.standing.window)
        status.inFlight = UInt32(clamping: worker.inFlight.count)
        status.tasksDone = worker.tasksDone
        status.tasksFailed = worker.tasksFailed
        status.silentMs = worker.lastHeard.duration(to: now).wholeMicroseconds / 1_000
        let refs = worker.shards.refs.sorted {
            ($0.index.position, $0.shard) < ($1.index.position, $1.shard)
        }
        status.shards = refs.map { "\(map[$0.index].name)/\($0.shard)" }
        status.generations = refs.map { worker.shards[$0] ?? 0 }
    }
}
