import WireProtocol

extension GoldenMessage {
    /// Every message of a worker's or supervisor's link that differs from a client's.
    static let workerLink = sessions + [call, reply] + tasks + reports

    private static let statistics = make(WireStatistics()) {
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
                        $0.schema = "{}"
                        $0.statistics = statistics
                        $0.shards = [served(0, 15_750), served(2, 15_748)]
                    }
                ]
            }),
        GoldenMessage(
            name: "ping-worker", header: Header(.ping, epoch: brokerEpoch),
            meta: make(WirePing()) {
                $0.window = 3
                $0.running = 1
                $0.tasksDone = 8
            }),
        GoldenMessage(
            name: "drain", header: Header(.drain, epoch: brokerEpoch),
            meta: make(WireDrain()) { $0.reason = "asked by supervisor" }),
        GoldenMessage(
            name: "credit-worker", header: Header(.credit, epoch: brokerEpoch),
            meta: make(WireCredit()) { $0.window = 2 }),
        GoldenMessage(
            name: "cancel-worker",
            header: Header(.cancel, epoch: brokerEpoch, index: Header.noItem),
            meta: make(WireCancel()) { $0.tasks = [901, 902] }),
    ]

    /// The body of a CALL or FETCH.
    static func queries(_ queries: [WireQuery]) -> WireQueries {
        make(WireQueries()) { $0.queries = queries }
    }

    private static func task(
        _ number: UInt64, query: UInt32, shard: UInt32, documents: Bool
    ) -> WireTask {
        make(WireTask()) {
            $0.task = number
            $0.query = query
            $0.shard = shard
            $0.generation = 1
            $0.k = 2
            $0.budgetMs = 1990
            if documents { $0.options.documents = true }
        }
    }

    private static let call = GoldenMessage(
        name: "call", header: Header(.call, id: 55, epoch: brokerEpoch),
        meta: make(WireCallMeta()) {
            $0.index = "packages"
            $0.buildID = "5f0c"
            $0.statistics = statistics
            $0.tasks = [
                task(901, query: 0, shard: 0, documents: true),
                task(902, query: 1, shard: 2, documents: false),
            ]
        },
        bodies: [
            .message(
                queries([
                    make(WireQuery()) {
                        var queue = term("summary", "queue")
                        queue.term.boost = 0.5
                        $0.boolean.should = [term("summary", "message"), queue]
                    },
                    make(WireQuery()) {
                        $0.phrase.field = "summary"
                        $0.phrase.terms = [
                            make(WirePhraseTerm()) { $0.term = "message" },
                            make(WirePhraseTerm()) {
                                $0.term = "queue"
                                $0.position = 1
                            },
                        ]
                    },
                ]))
        ])

    /// The packed hits of `reply`.
    static let replyHits = [
        PackedHit(sortKey: 11.5, orderKey: 20_417, idOffset: 0, idLength: 7),
        PackedHit(sortKey: 10.25, orderKey: 51_003, idOffset: 7, idLength: 11),
        PackedHit(sortKey: 9, orderKey: 812, idOffset: 18, idLength: 8),
    ]

    private static let reply = GoldenMessage(
        name: "reply", header: Header(.reply, epoch: brokerEpoch),
        meta: make(WireReplyMeta()) {
            $0.tasks = [
                make(WireTaskResult()) {
                    $0.task = 901
                    $0.hits = 2
                    $0.totalHits = 181
                    $0.coveredDocuments = 15_750
                    $0.tookUs = 310
                    $0.documentLengths = [16, 20]
                },
                make(WireTaskResult()) {
                    $0.task = 902
                    $0.hits = 1
                    $0.totalHits = 1
                    $0.coveredDocuments = 15_748
                    $0.tookUs = 95
                },
            ]
            $0.window = 3
        },
        bodies: [
            .octets(packed(replyHits)), .octets(Frame("libzmq5python3-zmqlibczmq4".utf8)),
            .octets(Frame(#"{"id":"libzmq5"}{"id":"python3-zmq"}"#.utf8)),
        ])

    static func packed(_ hits: [PackedHit]) -> Frame {
        var frame: Frame = []
        PackedHits.encode(hits, into: &frame)
        return frame
    }

    private static let tasks = [
        GoldenMessage(
            name: "call-failed", header: Header(.callFailed, epoch: brokerEpoch),
            meta: make(WireCallFailed()) {
                $0.tasks = [
                    make(WireTaskFailure()) {
                        $0.task = 902
                        $0.code = .cancelled
                        $0.message = "cancelled by the broker"
                    }
                ]
                $0.window = 3
            }),
        GoldenMessage(
            name: "fetch", header: Header(.fetch, id: 56, epoch: brokerEpoch),
            meta: make(WireFetchMeta()) {
                $0.index = "packages"
                $0.buildID = "5f0c"
                $0.tasks = [
                    make(WireFetchTask()) {
                        $0.task = 903
                        $0.shard = 2
                        $0.generation = 1
                        $0.orderKeys = [812, 51_003]
                        $0.budgetMs = 1500
                    }
                ]
            }),
        GoldenMessage(
            name: "fetched", header: Header(.fetched, epoch: brokerEpoch),
            meta: make(WireFetchedMeta()) {
                $0.tasks = [
                    make(WireFetchResult()) {
                        $0.task = 903
                        $0.documentLengths = [17, 20]
                    }
                ]
            },
            bodies: [.octets(Frame(#"{"id":"libczmq4"}{"id":"python3-zmq"}"#.utf8))]),
    ]

    private static let reports = [
        GoldenMessage(
            name: "health", header: Header(.health),
            meta: make(WireHealth()) {
                $0.role = .worker
                $0.name = "w1"
                $0.pool = "main"
                $0.incarnation = 7007
                $0.sequence = 12
                $0.state = .ready
                $0.slots = 2
                $0.running = 1
                $0.oldestMs = 3
                $0.tasksDone = 8
                $0.p50Us = 300
                $0.p99Us = 900
                $0.residentBytes = 52_428_800
                $0.pid = 812
                $0.host = "node-a"
            }),
        GoldenMessage(
            name: "event", header: Header(.event, epoch: brokerEpoch),
            meta: make(WireSupervisorReport()) {
                $0.supervisor = "sup1"
                $0.host = "node-a"
                $0.children = [
                    make(WireChildReport()) {
                        $0.name = "w1"
                        $0.state = .childReady
                        $0.pid = 812
                        $0.restarts = 1
                        $0.lastExit = "exited with code 0"
                        $0.lastExitPid = 640
                        $0.lastExitOrderly = true
                    }
                ]
            }),
    ]
}
