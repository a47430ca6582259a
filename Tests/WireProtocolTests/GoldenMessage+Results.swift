import WireProtocol

extension GoldenMessage {
    /// A sorted search with fragments, on both links.
    static let results = [
        submitSorted, resultSorted, callSorted, replySorted, fetchFragments, fetchedFragments,
    ]

    private static let keys = [
        make(WireSortKey()) { $0.field = "section" },
        make(WireSortKey()) {
            $0.field = "size"
            $0.descending = true
            $0.missingFirst = true
        },
    ]

    private static let highlight = make(WireHighlight()) {
        $0.fields = ["summary"]
        $0.fragments = 1
    }

    private static func text(_ text: String) -> WireFieldValue {
        make(WireFieldValue()) { $0.text = text }
    }

    private static func integer(_ value: Int64) -> WireFieldValue {
        make(WireFieldValue()) { $0.integer = value }
    }

    private static let submitSorted = GoldenMessage(
        name: "submit-sorted", header: Header(.submit, id: 4, epoch: session),
        meta: make(WireSubmit()) {
            $0.indexes = ["packages"]
            $0.limit = 2
            $0.sort = keys
            $0.countUpTo = 1000
            $0.fields = ["name"]
            $0.highlight = highlight
        },
        bodies: [
            .message(
                make(WireItem()) {
                    $0.text = "queue"
                    $0.after = "AQIBA25ldADBTwAAAAAAAAdsaWJ6bXE1cGFja2FnZXM"
                })
        ])

    private static let snippets = make(WireFieldSnippets()) {
        $0.field = "summary"
        $0.fragments = ["message <em>queue</em>"]
    }

    private static let resultSorted = GoldenMessage(
        name: "result-sorted",
        header: Header(.result, flags: .final, id: 4, epoch: session),
        meta: make(WireResultMeta()) {
            $0.totalHits = 181
            $0.tookUs = 940
            $0.coverage.shards = 4
            $0.coverage.ok = 4
        },
        bodies: [
            .message(
                make(WireHits()) {
                    $0.hits = [
                        make(WireHit()) {
                            $0.id = "libczmq4"
                            $0.index = "packages"
                            $0.shard = 2
                            $0.orderKey = 812
                            $0.sort = [text("net"), integer(-7)]
                            $0.snippets = [snippets]
                        },
                        make(WireHit()) {
                            $0.id = "python3-zmq"
                            $0.index = "packages"
                            $0.orderKey = 51_003
                            $0.sort = [WireFieldValue(), integer(12)]
                        },
                    ]
                }),
            .octets(
                DocumentArray.splice([
                    ArraySlice(#"{"name":"libczmq4"}"#.utf8),
                    ArraySlice(#"{"name":"python3-zmq"}"#.utf8),
                ])),
        ])

    private static let callSorted = GoldenMessage(
        name: "call-sorted", header: Header(.call, id: 57, epoch: brokerEpoch),
        meta: make(WireCallMeta()) {
            $0.index = "packages"
            $0.buildID = "5f0c"
            $0.tasks = [
                make(WireTask()) {
                    $0.task = 904
                    $0.shard = 2
                    $0.generation = 1
                    $0.k = 2
                    $0.budgetMs = 9990
                    $0.options.sort = keys
                    $0.options.after.values = [text("net"), WireFieldValue()]
                    $0.options.after.orderKey = 20_417
                    $0.countUpTo = 1000
                }
            ]
        },
        bodies: [.message(queries([term("summary", "queue")]))])

    private static let replySorted = GoldenMessage(
        name: "reply-sorted", header: Header(.reply, epoch: brokerEpoch),
        meta: make(WireReplyMeta()) {
            $0.tasks = [
                make(WireTaskResult()) {
                    $0.task = 904
                    $0.hits = 1
                    $0.totalHits = 181
                    $0.coveredDocuments = 15_748
                    $0.tookUs = 410
                    $0.sort = [
                        make(WireSortValues()) { $0.values = [text("net"), integer(-7)] }
                    ]
                }
            ]
            $0.window = 3
        },
        bodies: [
            .octets(packed(sortedHits)), .octets(Frame("libczmq4".utf8)),
        ])

    private static let sortedHits = [
        PackedHit(sortKey: 0, orderKey: 812, idOffset: 0, idLength: 8)
    ]

    private static let fetchFragments = GoldenMessage(
        name: "fetch-fragments", header: Header(.fetch, id: 58, epoch: brokerEpoch),
        meta: make(WireFetchMeta()) {
            $0.index = "packages"
            $0.buildID = "5f0c"
            $0.tasks = [
                make(WireFetchTask()) {
                    $0.task = 905
                    $0.shard = 2
                    $0.generation = 1
                    $0.orderKeys = [812]
                    $0.budgetMs = 9900
                    $0.form.fields = ["name"]
                    $0.form.highlight = highlight
                }
            ]
        },
        bodies: [.message(queries([term("summary", "queue")]))])

    private static let fetchedFragments = GoldenMessage(
        name: "fetched-fragments", header: Header(.fetched, epoch: brokerEpoch),
        meta: make(WireFetchedMeta()) {
            $0.tasks = [
                make(WireFetchResult()) {
                    $0.task = 905
                    $0.documentLengths = [19]
                    $0.snippets = [make(WireHitSnippets()) { $0.fields = [snippets] }]
                }
            ]
        },
        bodies: [.octets(Frame(#"{"name":"libczmq4"}"#.utf8))])
}
