import WireProtocol

extension GoldenMessage {
    /// What a broker answers a client.
    static let answers = [
        GoldenMessage(
            name: "accepted", header: client(.accepted, id: 1),
            meta: make(WireAccepted()) {
                $0.items = 2
                $0.waiting = 2
            }),
        result, resultsTogether, itemFailed,
        GoldenMessage(
            name: "failed-busy", header: client(.failed, .final, id: 2, index: Header.noItem),
            meta: make(WireFailed()) {
                $0 = WireFailed(
                    .busy,
                    "busy: 4096 items of this client are outstanding; the limit is 4096; send these "
                        + "items again later")
                $0.retryAfterMs = 100
            }),
        GoldenMessage(
            name: "done", header: client(.done, .final, id: 1, index: Header.noItem),
            meta: make(WireDone()) {
                $0.completed = 1
                $0.failed = 1
                $0.tookUs = 1_803_300
            }),
        GoldenMessage(
            name: "metrics-reply", header: client(.metricsReply, id: 6),
            meta: make(WireMetricsReply()) {
                $0.text = """
                    # TYPE broker_inflight_calls gauge
                    broker_inflight_calls{broker="b1"} 2

                    """
            }),
    ]

    /// The meta of an answer of all four shards, in full.
    static func whole(total: UInt64 = 0, took: UInt64) -> WireResultMeta {
        make(WireResultMeta()) {
            $0.totalHits = total
            $0.tookUs = took
            $0.coverage.shards = 4
            $0.coverage.ok = 4
        }
    }

    private static let hits = make(WireHits()) {
        $0.hits = [
            hit("libzmq5", 11.5, shard: 3, 20_417),
            hit("rabbitmq-server", 10.25, shard: 0, 51_003),
        ]
    }

    private static func hit(
        _ id: String, _ score: Float, shard: UInt32, _ orderKey: UInt64
    ) -> WireHit {
        make(WireHit()) {
            $0.id = id
            $0.score = score
            $0.index = "packages"
            $0.shard = shard
            $0.orderKey = orderKey
        }
    }

    private static let result = GoldenMessage(
        name: "result", header: client(.result, .final, id: 1),
        meta: make(whole(total: 181, took: 3300)) {
            $0.next = "AQAAACRBO8cAAAAAAAAPcmFiYml0bXEtc2VydmVycGFja2FnZXM"
        },
        bodies: [
            .message(hits),
            .octets(
                DocumentArray.splice([
                    ArraySlice(#"{"id":"libzmq5","summary":"message queue library"}"#.utf8),
                    ArraySlice(#"{"id":"rabbitmq-server","summary":"AMQP server"}"#.utf8),
                ])),
        ])

    private static let resultsTogether = GoldenMessage(
        name: "results", header: Header(.results, epoch: session),
        meta: make(WireResults()) {
            $0.answers = [
                make(WireAnswer()) {
                    $0.request = 7
                    $0.meta = whole(total: 181, took: 940)
                    $0.hits = hits
                },
                make(WireAnswer()) {
                    $0.request = 7
                    $0.index = 2
                    $0.meta = whole(took: 940)
                    $0.hits = WireHits()
                },
            ]
        })

    private static let unserved = "no live worker serves shard packages/2 ('w1' is unreachable)"

    private static func report(
        _ shard: UInt32, _ documents: UInt64, _ fill: (inout WireShardReport) -> Void
    ) -> WireShardReport {
        make(WireShardReport()) {
            $0.index = "packages"
            $0.shard = shard
            $0.liveDocuments = documents
            $0.attempts = 1
            fill(&$0)
        }
    }

    private static func answered(
        _ shard: UInt32, _ documents: UInt64, by worker: String, took: UInt64
    ) -> WireShardReport {
        report(shard, documents) {
            $0.state = .ok
            $0.worker = worker
            $0.generation = 1
            $0.coveredDocuments = documents
            $0.tookUs = took
        }
    }

    private static let itemFailed = GoldenMessage(
        name: "failed", header: client(.failed, .final, id: 1, index: 1),
        meta: make(WireFailed()) {
            $0 = WireFailed(.noWorkers, unserved)
            $0.coverage.shards = 4
            $0.coverage.ok = 3
            $0.coverage.failed = 1
            $0.coverage.reports = [
                answered(0, 15_750, by: "w1", took: 95),
                answered(1, 15_751, by: "w2", took: 80),
                report(2, 15_748) {
                    $0.state = .shardFailed
                    $0.cause = .noWorkers
                    $0.message = unserved
                },
                answered(3, 15_751, by: "w2", took: 75),
            ]
        })
}
