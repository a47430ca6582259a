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
        meta: make(whole(total: 180, took: 250_500)) {
            $0.next = "AQIAAgwAAAAAAAAAO8cAAAAAAAALcHl0aG9uMy16bXFwYWNrYWdlcw"
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

    private static func task(_ number: UInt64, shard: UInt32) -> WireTask {
        make(WireTask()) {
            $0.task = number
            $0.shard = shard
            $0.generation = 1
            $0.k = 2
            $0.budgetMs = 9995
            $0.options.sort = keys
            $0.options.after.values = [text("net"), WireFieldValue()]
            $0.options.after.orderKey = 20_417
            $0.countUpTo = 1000
        }
    }

    private static let callSorted = GoldenMessage(
        name: "call-sorted", header: Header(.call, id: 955, epoch: brokerEpoch),
        meta: packages([task(951, shard: 0), task(953, shard: 2)]),
        bodies: [.message(queries([weighted("summary", "queue")]))])

    private static let replySorted = GoldenMessage(
        name: "reply-sorted", header: Header(.reply, epoch: brokerEpoch),
        meta: make(WireReplyMeta()) {
            $0.tasks = [
                make(found(951, hits: 1, total: 60, covered: 15_750, took: 390)) {
                    $0.sort = [
                        make(WireSortValues()) { $0.values = [WireFieldValue(), integer(12)] }
                    ]
                },
                make(found(953, hits: 1, total: 50, covered: 15_748, took: 410)) {
                    $0.sort = [make(WireSortValues()) { $0.values = [text("net"), integer(-7)] }]
                },
            ]
            $0.window = 5
        },
        bodies: [
            .octets(
                packed([
                    PackedHit(sortKey: 0, orderKey: 51_003, idOffset: 0, idLength: 11),
                    PackedHit(sortKey: 0, orderKey: 812, idOffset: 11, idLength: 8),
                ])), .octets(Frame("python3-zmqlibczmq4".utf8)), .octets([]),
        ])

    private static func fetchTask(
        _ number: UInt64, shard: UInt32, _ orderKey: UInt64
    ) -> WireFetchTask {
        make(WireFetchTask()) {
            $0.task = number
            $0.shard = shard
            $0.generation = 1
            $0.orderKeys = [orderKey]
            $0.budgetMs = 9750
            $0.form.fields = ["name"]
            $0.form.highlight = highlight
            // What the Submit leaves out the broker adds.
            $0.form.highlight.fragmentSize = 150
            $0.form.highlight.openingMark = "<em>"
            $0.form.highlight.closingMark = "</em>"
        }
    }

    private static let fetchFragments = GoldenMessage(
        name: "fetch-fragments", header: Header(.fetch, id: 959, epoch: brokerEpoch),
        meta: make(WireFetchMeta()) {
            $0.index = "packages"
            $0.buildID = "5f0c"
            $0.tasks = [fetchTask(957, shard: 0, 51_003), fetchTask(958, shard: 2, 812)]
        },
        bodies: [.message(queries([weighted("summary", "queue")]))])

    private static let fetchedFragments = GoldenMessage(
        name: "fetched-fragments", header: Header(.fetched, epoch: brokerEpoch),
        meta: make(WireFetchedMeta()) {
            $0.tasks = [
                make(WireFetchResult()) {
                    $0.task = 957
                    $0.documentLengths = [22]
                },
                make(WireFetchResult()) {
                    $0.task = 958
                    $0.documentLengths = [19]
                    $0.snippets = [make(WireHitSnippets()) { $0.fields = [snippets] }]
                },
            ]
        },
        bodies: [.octets(Frame(#"{"name":"python3-zmq"}{"name":"libczmq4"}"#.utf8))])
}
