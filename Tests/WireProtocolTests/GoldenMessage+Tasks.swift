import WireProtocol

extension GoldenMessage {
    /// Tasks of searches, their documents, and their end.
    static let tasks = [
        call, reply, fetch, fetched, callDocuments, replyDocuments,
        GoldenMessage(
            name: "cancel-worker",
            header: Header(.cancel, epoch: brokerEpoch, index: Header.noItem),
            meta: make(WireCancel()) { $0.tasks = [903, 901, 902] }),
        GoldenMessage(
            name: "call-failed", header: Header(.callFailed, epoch: brokerEpoch),
            meta: make(WireCallFailed()) {
                $0.tasks = ([901, 902, 903] as [UInt64]).map { number in
                    make(WireTaskFailure()) {
                        $0.task = number
                        $0.code = .cancelled
                        $0.message = "the search was cancelled"
                    }
                }
                $0.window = 3
            }),
    ]

    /// The body of a CALL or FETCH.
    static func queries(_ queries: [WireQuery]) -> WireQueries {
        make(WireQueries()) { $0.queries = queries }
    }

    /// What a CALL on the index `packages` says.
    static func packages(_ tasks: [WireTask]) -> WireCallMeta {
        make(WireCallMeta()) {
            $0.index = "packages"
            $0.buildID = "5f0c"
            $0.statistics = statistics
            $0.tasks = tasks
        }
    }

    /// What a CALL on the index `notes`, of one shard, says.
    static func notes(_ tasks: [WireTask]) -> WireCallMeta {
        make(packages(tasks)) {
            $0.index = "notes"
            $0.buildID = "77aa"
            $0.statistics.documents = 15_750
        }
    }

    /// A task for two hits, two seconds after its SUBMIT at the latest.
    private static func task(
        _ number: UInt64, query: UInt32 = 0, shard: UInt32 = 0
    ) -> WireTask {
        make(WireTask()) {
            $0.task = number
            $0.query = query
            $0.shard = shard
            $0.generation = 1
            $0.k = 2
            $0.budgetMs = 1995
            $0.sharesFloor = true
        }
    }

    private static let messageQueue = make(WireQuery()) {
        $0.boolean.should = [weighted("summary", "message"), weighted("summary", "queue")]
    }

    private static let call = GoldenMessage(
        name: "call", header: Header(.call, id: 907, epoch: brokerEpoch),
        meta: packages([task(901), task(903, shard: 2), task(905, query: 1)]),
        bodies: [
            .message(
                queries([
                    messageQueue,
                    make(WireQuery()) {
                        $0.boolean.must = [weighted("name", "zeromq")]
                        $0.boolean.mustNot = [weighted("section", "doc")]
                    },
                ]))
        ])

    /// The packed hits of `reply`.
    static let replyHits = [
        PackedHit(sortKey: 10.25, orderKey: 51_003, idOffset: 0, idLength: 15),
        PackedHit(sortKey: 9, orderKey: 812, idOffset: 15, idLength: 8),
    ]

    private static let reply = GoldenMessage(
        name: "reply", header: Header(.reply, epoch: brokerEpoch),
        meta: make(WireReplyMeta()) {
            $0.tasks = [
                found(901, hits: 1, total: 60, covered: 15_750, took: 310),
                found(903, hits: 1, total: 50, covered: 15_748, took: 280),
                found(905, hits: 0, total: 0, covered: 15_750, took: 95),
            ]
            $0.window = 7
        },
        bodies: [
            .octets(packed(replyHits)), .octets(Frame("rabbitmq-serverlibczmq4".utf8)),
            .octets([]),
        ])

    /// The result of a task.
    static func found(
        _ task: UInt64, hits: UInt32, total: UInt64, covered: UInt64, took: UInt64
    ) -> WireTaskResult {
        make(WireTaskResult()) {
            $0.task = task
            $0.hits = hits
            $0.totalHits = total
            $0.coveredDocuments = covered
            $0.tookUs = took
        }
    }

    static func packed(_ hits: [PackedHit]) -> Frame {
        var frame: Frame = []
        PackedHits.encode(hits, into: &frame)
        return frame
    }

    private static let fetch = GoldenMessage(
        name: "fetch", header: Header(.fetch, id: 914, epoch: brokerEpoch),
        meta: make(WireFetchMeta()) {
            $0.index = "packages"
            $0.buildID = "5f0c"
            $0.tasks = [
                make(WireFetchTask()) {
                    $0.task = 911
                    $0.generation = 1
                    $0.orderKeys = [51_003]
                    $0.budgetMs = 1997
                    $0.form = WireDocumentForm()
                }
            ]
        })

    private static let fetched = GoldenMessage(
        name: "fetched", header: Header(.fetched, epoch: brokerEpoch),
        meta: make(WireFetchedMeta()) {
            $0.tasks = [
                make(WireFetchResult()) {
                    $0.task = 911
                    $0.documentLengths = [48]
                }
            ]
        },
        bodies: [.octets(Frame(#"{"id":"rabbitmq-server","summary":"AMQP server"}"#.utf8))])

    private static let callDocuments = GoldenMessage(
        name: "call-documents", header: Header(.call, id: 992, epoch: brokerEpoch),
        meta: notes([
            make(task(991)) {
                $0.options.documents = true
                $0.options.form = WireDocumentForm()
            }
        ]),
        bodies: [.message(queries([messageQueue]))])

    private static let replyDocuments = GoldenMessage(
        name: "reply-documents", header: Header(.reply, epoch: brokerEpoch),
        meta: make(WireReplyMeta()) {
            $0.tasks = [
                make(found(991, hits: 2, total: 181, covered: 15_750, took: 310)) {
                    $0.documentLengths = [16, 20]
                }
            ]
            $0.window = 5
        },
        bodies: [
            .octets(
                packed([
                    PackedHit(sortKey: 11.5, orderKey: 20_417, idOffset: 0, idLength: 7),
                    PackedHit(sortKey: 10.25, orderKey: 51_003, idOffset: 7, idLength: 11),
                ])), .octets(Frame("libzmq5python3-zmq".utf8)),
            .octets(Frame(#"{"id":"libzmq5"}{"id":"python3-zmq"}"#.utf8)),
        ])
}
