import WireProtocol

extension GoldenMessage {
    /// A broker's view of the cluster.
    static let status = [
        GoldenMessage(
            name: "status-reply", header: client(.statusReply, id: 3),
            meta: make(WireStatusReply()) {
                $0.broker = broker
                $0.indexes = [index]
                $0.workers = [
                    worker("w1", .suspected, pid: 812, window: 7, done: 4, shards: [0, 2]),
                    worker("w2", .ready, pid: 813, window: 11, done: 5, shards: [1, 3]),
                ]
                $0.clients = [
                    make(WireClientStatus()) {
                        $0.name = "batch-7"
                        $0.unacknowledgedResults = 2
                    }
                ]
            })
    ]

    private static let broker = make(WireBrokerStatus()) {
        $0.name = "broker1"
        $0.epoch = brokerEpoch
        $0.uptimeMs = 1803
        $0.itemsAccepted = 2
        $0.itemsCompleted = 1
        $0.itemsFailed = 1
        $0.tasksSent = 10
        $0.unroutableSends = 1
        $0.settings = settings
        $0.eventSequence = 3
        $0.answerMeanUs = 3300
        $0.answerP50Us = 3300
        $0.answerP99Us = 3300
    }

    /// All settings, as a broker has them by itself.
    static let settings = make(WireClusterSettings()) {
        $0.timeoutMs = 10_000
        $0.maxRetries = 16
        $0.loadBalancing = .adaptive
        $0.hedging = true
        $0.mergeStrategy = .scoreDesc
        $0.healthCheckMs = 30_000
        $0.slowQueryMs = 0
    }

    private static let index = make(WireIndexStatus()) {
        $0.name = "packages"
        $0.buildID = "5f0c"
        $0.shardCount = 4
        $0.documents = 63_000
        $0.shards = [
            shard(0, 15_750, []), shard(1, 15_751, ["w2"]), shard(2, 15_748, []),
            shard(3, 15_751, ["w2"]),
        ]
    }

    private static func shard(
        _ number: UInt32, _ documents: UInt64, _ workers: [String]
    ) -> WireShardStatus {
        make(WireShardStatus()) {
            $0.shard = number
            $0.liveDocuments = documents
            $0.workers = workers
        }
    }

    private static func worker(
        _ name: String, _ state: WireNodeState, pid: UInt32, window: UInt32, done: UInt64,
        shards: [Int]
    ) -> WireWorkerStatus {
        make(WireWorkerStatus()) {
            $0.name = name
            $0.pool = "main"
            $0.state = state
            $0.pid = pid
            $0.host = "node-a"
            $0.slots = 2
            $0.window = window
            $0.tasksDone = done
            $0.shards = shards.map { "packages/\($0)" }
            $0.weight = 2
            $0.generations = shards.map { _ in 1 }
        }
    }
}
