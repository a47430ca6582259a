import WireProtocol

extension GoldenMessage {
    /// Every message of a client's link.
    static let clientLink = joining + asking + answers

    private static func client(
        _ command: Command, _ flags: HeaderFlags = [], id: UInt64 = 0, index: UInt32 = 0
    ) -> Header {
        Header(command, flags: flags, id: id, epoch: session, index: index)
    }

    private static let joining = [
        GoldenMessage(
            name: "hello", header: client(.hello),
            meta: make(WireHello()) {
                $0.role = .client
                $0.name = "batch-7"
                $0.incarnation = session
                $0.versions.min = 1
                $0.versions.max = 1
                $0.pid = 4711
                $0.host = "desk"
                $0.resultWindow = 64
            }),
        GoldenMessage(
            name: "welcome", header: client(.welcome),
            meta: make(WireWelcome()) {
                $0.broker = "broker1"
                $0.epoch = brokerEpoch
                $0.version = 1
                $0.pingMs = 1000
                $0.expiryMs = 10_000
                $0.maxMessageBytes = 16_777_216
                $0.maxItems = 1000
                $0.maxOutstandingItems = 4096
                $0.maxHits = 10_000
                $0.defaultBudgetMs = 10_000
                $0.maxBudgetMs = 300_000
                $0.resultWindow = 64
            }),
        GoldenMessage(name: "ping", header: client(.ping), meta: WirePing()),
        GoldenMessage(name: "pong", header: client(.pong), meta: WirePong()),
        GoldenMessage(
            name: "unknown-peer", header: client(.unknownPeer),
            meta: make(WireUnknownPeer()) { $0.reason = "no session: HELLO first" }),
        GoldenMessage(
            name: "goodbye", header: client(.goodbye),
            meta: make(WireGoodbye()) { $0.reason = "finished" }),
    ]

    private static let asking = [
        GoldenMessage(
            name: "submit",
            header: Header(.submit, id: 1, epoch: session, budgetMilliseconds: 2000),
            meta: make(WireSubmit()) {
                $0.indexes = ["packages"]
                $0.limit = 2
            },
            bodies: [
                .message(make(WireItem()) { $0.text = "message queue" }),
                .message(
                    make(WireItem()) {
                        $0.query.boolean.must = [term("name", "zeromq")]
                        $0.query.boolean.mustNot = [term("section", "doc")]
                        $0.documents = .none
                    }),
            ]),
        submitTogether,
        GoldenMessage(
            name: "credit", header: client(.credit),
            meta: make(WireCredit()) { $0.results = 32 }),
        GoldenMessage(
            name: "cancel", header: client(.cancel, id: 1, index: Header.noItem),
            meta: WireCancel()),
        GoldenMessage(name: "status", header: client(.status, id: 3), meta: WireStatusRequest()),
        GoldenMessage(
            name: "metrics", header: client(.metrics, id: 6), meta: WireMetricsRequest()),
        GoldenMessage(
            name: "admin-configure", header: client(.admin, id: 4),
            meta: make(WireAdmin()) {
                $0.configure.timeoutMs = 2_000
                $0.configure.loadBalancing = .leastConnections
            }),
        GoldenMessage(
            name: "admin-node", header: client(.admin, id: 5),
            meta: make(WireAdmin()) {
                $0.node.name = "w1"
                $0.node.active = false
            }),
    ]

    private static let submitTogether = GoldenMessage(
        name: "submit-together", header: Header(.submit, id: 7, epoch: session),
        meta: make(WireSubmit()) {
            $0.documents = .none
            $0.withoutDone = true
            $0.resultsTogether = true
            $0.itemsTogether = true
        },
        bodies: [
            .message(
                make(WireItems()) {
                    $0.items = ["queue", "zeromq", "nothing of the kind"].map { text in
                        make(WireItem()) { $0.text = text }
                    }
                })
        ])

    private static let answers = [
        GoldenMessage(
            name: "admin-reply", header: client(.adminReply, id: 4),
            meta: make(WireAdminReply()) {
                $0.settings.timeoutMs = 2_000
                $0.settings.maxRetries = 16
                $0.settings.loadBalancing = .leastConnections
            }),
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
                $0 = WireFailed(.busy, "4096 items of this client are unfinished")
                $0.retryAfterMs = 250
            }),
        GoldenMessage(
            name: "done", header: client(.done, .final, id: 1, index: Header.noItem),
            meta: make(WireDone()) {
                $0.completed = 1
                $0.failed = 1
                $0.tookUs = 2_001_300
            }),
        statusReply,
        GoldenMessage(
            name: "metrics-reply", header: client(.metricsReply, id: 6),
            meta: make(WireMetricsReply()) {
                $0.text = """
                    # TYPE broker_inflight_calls gauge
                    broker_inflight_calls{broker="b1"} 2

                    """
            }),
    ]

    private static let resultMeta = make(WireResultMeta()) {
        $0.totalHits = 181
        $0.tookUs = 940
        $0.coverage.shards = 4
        $0.coverage.ok = 4
    }

    private static let hits = make(WireHits()) {
        $0.hits = [
            hit("libzmq5", 11.5, shard: 3, 20_417),
            hit("rabbitmq-server", 10.25, shard: 0, 51_003),
        ]
    }

    private static let resultsTogether = GoldenMessage(
        name: "results", header: Header(.results, epoch: session),
        meta: make(WireResults()) {
            $0.answers = [
                make(WireAnswer()) {
                    $0.request = 7
                    $0.meta = resultMeta
                    $0.hits = hits
                },
                make(WireAnswer()) {
                    $0.request = 7
                    $0.index = 2
                    $0.meta = make(WireResultMeta()) {
                        $0.tookUs = 941
                        $0.coverage.shards = 4
                        $0.coverage.ok = 4
                    }
                    $0.hits = WireHits()
                },
            ]
        })

    private static let result = GoldenMessage(
        name: "result", header: client(.result, .final, id: 1), meta: resultMeta,
        bodies: [
            .message(hits),
            .octets(
                DocumentArray.splice([
                    ArraySlice(#"{"id":"libzmq5","summary":"message queue library"}"#.utf8),
                    ArraySlice(#"{"id":"rabbitmq-server","summary":"AMQP server"}"#.utf8),
                ])),
        ])

    private static let itemFailed = GoldenMessage(
        name: "failed", header: client(.failed, .final, id: 1, index: 1),
        meta: make(WireFailed()) {
            $0 = WireFailed(.noWorkers, "index packages, shard 2: no live worker within 2 s")
            $0.coverage.shards = 4
            $0.coverage.ok = 3
            $0.coverage.failed = 1
            $0.coverage.reports = [
                make(WireShardReport()) {
                    $0.index = "packages"
                    $0.shard = 2
                    $0.state = .shardFailed
                    $0.cause = .noWorkers
                    $0.message = "no live worker within 2 s"
                }
            ]
        })

    private static let statusReply = GoldenMessage(
        name: "status-reply", header: client(.statusReply, id: 3),
        meta: make(WireStatusReply()) {
            $0.broker.name = "broker1"
            $0.broker.epoch = brokerEpoch
            $0.broker.uptimeMs = 61_000
            $0.broker.itemsAccepted = 2
            $0.broker.itemsCompleted = 1
            $0.broker.itemsFailed = 1
            $0.indexes = [
                make(WireIndexStatus()) {
                    $0.name = "packages"
                    $0.buildID = "5f0c"
                    $0.shardCount = 4
                    $0.documents = 63_000
                    $0.shards = [
                        make(WireShardStatus()) {
                            $0.liveDocuments = 15_750
                            $0.workers = ["w1", "w2"]
                        }
                    ]
                }
            ]
            $0.workers = [
                make(WireWorkerStatus()) {
                    $0.name = "w1"
                    $0.pool = "main"
                    $0.state = .ready
                    $0.slots = 2
                    $0.window = 3
                    $0.tasksDone = 8
                    $0.shards = ["packages/0"]
                }
            ]
            $0.clients = [make(WireClientStatus()) { $0.name = "batch-7" }]
        })

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

    /// A term query without a boost.
    static func term(_ field: String, _ term: String) -> WireQuery {
        make(WireQuery()) {
            $0.term.field = field
            $0.term.term = term
        }
    }
}
