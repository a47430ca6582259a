import ClusterCore
import WireMessages

extension ClusterStatistics {
    init(_ wire: WireStatusReply) {
        let broker = wire.broker
        self.init(
            name: broker.name, uptime: .milliseconds(broker.uptimeMs),
            totalNodes: wire.workers.count, activeNodes: wire.workers.count(where: \.getsTasks),
            settings: ClusterSettings(broker.settings),
            searches: SearchCounts(
                total: broker.itemsAccepted, successful: broker.itemsCompleted,
                failed: broker.itemsFailed, cancelled: broker.itemsCancelled,
                refused: broker.itemsRefused, underWay: Int(broker.itemsWaiting)),
            averageResponseTime: .microseconds(broker.answerMeanUs),
            medianResponseTime: .microseconds(broker.answerP50Us),
            percentile99ResponseTime: .microseconds(broker.answerP99Us),
            tasks: TaskCounts(
                sent: broker.tasksSent, resent: broker.tasksResent, hedged: broker.tasksHedged,
                inFlight: Int(broker.tasksInFlight)),
            nodesLost: broker.workersLost,
            indexes: wire.indexes.map { index in
                IndexStatistics(
                    name: index.name, buildID: index.buildID, documents: index.documents,
                    shards: index.shards.map(\.workers))
            })
    }
}

extension NodeStatistics {
    init(_ wire: WireWorkerStatus) {
        let shards = zip(wire.shards, wire.generations).compactMap(NodeShard.init)
        let isJoined = !wire.shards.isEmpty
        let indexes = Set(shards.map(\.index))
        self.init(
            name: wire.name,
            endpoint: indexes.count == 1 ? indexes.first.map { "local://\($0)" } : nil,
            pool: wire.pool, host: wire.host, zone: wire.zone, state: NodeState(wire.state),
            isActive: !wire.inactive, getsTasks: wire.getsTasks,
            weight: isJoined ? wire.weight : nil, threads: Int(wire.slots),
            health: NodeHealth(wire), tasksInFlight: Int(wire.inFlight), window: Int(wire.window),
            searches: wire.tasksDone, failures: wire.tasksFailed,
            serviceTime: ServiceTime(
                average: .microseconds(wire.health.meanUs),
                median: .microseconds(wire.health.p50Us),
                percentile99: .microseconds(wire.health.p99Us)),
            shards: shards, timesLost: Int(wire.timesLost), silence: .milliseconds(wire.silentMs),
            refusal: wire.refusal.isEmpty ? nil : wire.refusal)
    }
}

extension NodeShard {
    /// From `index/number`; nil for a text that is not that.
    fileprivate init?(_ text: String, generation: UInt64) {
        guard let slash = text.lastIndex(of: "/"),
            let number = UInt32(text[text.index(after: slash)...])
        else { return nil }
        self.init(index: String(text[..<slash]), shard: number, generation: generation)
    }
}

extension NodeHealth {
    fileprivate init(_ wire: WireWorkerStatus) {
        let grade: Grade =
            switch wire.grade {
            case .unknown, .UNRECOGNIZED: .unknown
            case .healthy: .healthy
            case .degraded: .degraded
            case .unhealthy: .unhealthy
            }
        self.init(
            grade: grade, reasons: wire.health.reasons,
            sinceLastCheck: wire.health.grade == .unknown
                ? nil : .milliseconds(wire.health.checkAgeMs + wire.healthAgeMs),
            reports: wire.health.sequence)
    }
}

extension NodeState {
    fileprivate init(_ wire: WireNodeState) {
        self =
            switch wire {
            case .unspecified, .UNRECOGNIZED: .unknown
            case .starting: .starting
            case .ready: .ready
            case .suspected: .suspected
            case .draining: .draining
            case .lost: .lost
            case .stopping: .stopped
            }
    }
}

extension WireWorkerStatus {
    /// Whether it is given tasks.
    var getsTasks: Bool {
        state == .ready && !inactive && grade != .unhealthy && breaker != .breakerOpen
    }
}
