import WireProtocol

extension GoldenMessage {
    /// Terms of a document, and an explanation, on both links.
    static let kinds = [submitExplain, resultExplained, callKinds, replyKinds]

    private static let explanation = make(WireExplanation()) {
        $0.score = 1.5
        $0.description_p = "term summary:queue: weight * frequency / (frequency + norm)"
        $0.details = [
            make(WireExplanation()) {
                $0.count = 2
                $0.description_p = "frequency, occurrences in the document"
            }
        ]
    }

    private static let submitExplain = GoldenMessage(
        name: "submit-explain", header: Header(.submit, id: 5, epoch: session),
        meta: make(WireSubmit()) { $0.indexes = ["packages"] },
        bodies: [
            .message(
                make(WireItem()) {
                    $0.text = "queue"
                    $0.explain = "libczmq4"
                }),
            .message(make(WireItem()) { $0.query = like }),
        ])

    private static let like = make(WireQuery()) {
        $0.moreLikeThis.documentID = "libczmq4"
        $0.moreLikeThis.fields = ["summary"]
    }

    private static let resultExplained = GoldenMessage(
        name: "result-explained",
        header: Header(.result, flags: .final, id: 5, epoch: session),
        meta: make(WireResultMeta()) {
            $0.tookUs = 610
            $0.coverage.shards = 1
            $0.coverage.ok = 1
            $0.explanation = explanation
        },
        bodies: [.message(WireHits()), .octets(DocumentArray.splice([]))])

    private static let callKinds = GoldenMessage(
        name: "call-kinds", header: Header(.call, id: 974, epoch: brokerEpoch),
        meta: packages([
            make(WireTask()) {
                $0.task = 972
                $0.shard = 2
                $0.generation = 1
                $0.budgetMs = 9995
                $0.kind = .explain
                $0.options.documentID = "libczmq4"
            },
            make(WireTask()) {
                $0.task = 973
                $0.query = 1
                $0.shard = 2
                $0.generation = 1
                $0.budgetMs = 9995
                $0.kind = .likeTerms
            },
        ]),
        bodies: [
            .message(
                queries([
                    weighted("summary", "queue"),
                    make(like) {
                        // What the query leaves out the broker adds.
                        $0.moreLikeThis.maximumQueryTerms = 25
                        $0.moreLikeThis.minimumTermFrequency = 2
                        $0.moreLikeThis.minimumDocumentFrequency = 5
                        $0.moreLikeThis.maximumDocumentFrequency = .max
                        $0.moreLikeThis.minimumShouldMatch = 1
                        $0.moreLikeThis.boost = 1
                    },
                ]))
        ])

    private static let replyKinds = GoldenMessage(
        name: "reply-kinds", header: Header(.reply, epoch: brokerEpoch),
        meta: make(WireReplyMeta()) {
            $0.tasks = [
                make(WireTaskResult()) {
                    $0.task = 972
                    $0.tookUs = 230
                    $0.explanation = explanation
                },
                make(WireTaskResult()) {
                    $0.task = 973
                    $0.tookUs = 120
                    $0.likeTerms = [
                        make(WireLikeTerms()) {
                            $0.terms = [
                                make(WireLikeTerm()) {
                                    $0.field = "summary"
                                    $0.term = "queue"
                                    $0.weight = 6.5
                                }
                            ]
                        }
                    ]
                },
            ]
            $0.window = 9
        },
        bodies: [.octets([]), .octets([]), .octets([])])
}
