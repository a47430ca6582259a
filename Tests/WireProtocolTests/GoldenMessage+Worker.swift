import WireProtocol

extension GoldenMessage {
    /// How a worker joins and leaves, and what it says of itself.
    static let workerLink = sessions + leaving + reports

    /// Of the index `packages`.
    static let statistics = make(WireStatistics()) {
        $0.documents = 63_000
        $0.fields = [
            make(WireFieldStatistics()) {
                $0.field = "summary"
                $0.tokens = 410_000
            }
        ]
    }

    private static func served(_ shard: UInt32, _ documents: UInt64) -> WireServedShard {
        make(WireServedShard()) {
            $0.shard = shard
            $0.generation = 1
            $0.liveDocuments = documents
        }
    }

    private static let sessions = [
        GoldenMessage(
            name: "hello-worker", header: Header(.hello),
            meta: make(WireHello()) {
                $0.role = .worker
                $0.name = "w1"
                $0.incarnation = 7007
                $0.versions.min = 1
                $0.versions.max = 1
                $0.pid = 812
                $0.host = "node-a"
                $0.pool = "main"
                $0.slots = 2
                $0.window = 3
                $0.indexes = [
                    make(WireServedIndex()) {
                        $0.name = "packages"
                        $0.buildID = "5f0c"
                        $0.shardCount = 4
                        $0.schema = """
                            {"fields":[{"name":"summary","kind":"text"},\
                            {"name":"name","kind":"keyword"},\
                            {"name":"section","kind":"keyword","column":true},\
                            {"name":"size","kind":"integer","column":true}]}
                            """
                        $0.statistics = statistics
                        $0.shards = [served(0, 15_750), served(2, 15_748)]
                    }
                ]
            }),
        GoldenMessage(
            name: "welcome-worker", header: Header(.welcome, epoch: brokerEpoch),
            meta: welcome {
                $0.pingMs = 250
                $0.expiryMs = 3000
            }),
        GoldenMessage(
            name: "ping-worker", header: Header(.ping, epoch: brokerEpoch),
            meta: make(WirePing()) {
                $0.window = 3
                $0.running = 2
            }),
        GoldenMessage(
            name: "pong-worker", header: Header(.pong, epoch: brokerEpoch),
            meta: make(WirePong()) {
                $0.healthCheckMs = 30_000
                $0.pingMs = 250
            }),
        GoldenMessage(
            name: "credit-worker", header: Header(.credit, epoch: brokerEpoch),
            meta: make(WireCredit()) { $0.window = 2 }),
    ]

    private static let leaving = [
        GoldenMessage(
            name: "drain-order", header: Header(.drain, epoch: brokerEpoch),
            meta: make(WireDrain()) { $0.reason = "an operator drains it" }),
        GoldenMessage(
            name: "drain", header: Header(.drain, epoch: brokerEpoch),
            meta: make(WireDrain()) { $0.reason = "asked to stop" }),
        GoldenMessage(
            name: "goodbye-worker", header: Header(.goodbye, epoch: brokerEpoch),
            meta: make(WireGoodbye()) { $0.reason = "drained" }),
    ]

    private static let reports = [
        GoldenMessage(
            name: "health", header: Header(.health),
            meta: make(WireHealth()) {
                $0.role = .worker
                $0.name = "w1"
                $0.pool = "main"
                $0.incarnation = 7007
                $0.sequence = 2
                $0.state = .ready
                $0.slots = 2
                $0.running = 2
                $0.oldestMs = 250
                $0.pid = 812
                $0.host = "node-a"
            }),
        GoldenMessage(
            name: "event-broker", header: Header(.event, epoch: brokerEpoch),
            meta: make(WireBrokerEvent()) {
                $0.sequence = 1
                $0.broker = "broker1"
                $0.epoch = brokerEpoch
                $0.kind = .nodeJoined
                $0.node = "w1"
                $0.text = "worker 'w1' joined with 2 shards"
            }),
    ]
}
