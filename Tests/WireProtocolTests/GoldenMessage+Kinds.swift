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
                })
        ])

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
        name: "call-kinds", header: Header(.call, id: 59, epoch: brokerEpoch),
        meta: make(WireCallMeta()) {
            $0.index = "packages"
            $0.buildID = "5f0c"
            $0.tasks = [
                make(WireTask()) {
                    $0.task = 906
                    $0.shard = 2
                    $0.generation = 1
                    $0.budgetMs = 9990
                    $0.kind = .likeTerms
                },
                make(WireTask()) {
                    $0.task = 907
                    $0.query = 1
                    $0.shard = 2
                    $0.generation = 1
                    $0.budgetMs = 9990
                    $0.kind = .explain
                    $0.options.documentID = "libczmq4"
                },
            ]
        },
        bodies: [
            .message(
                make(WireQuery()) {
                    $0.moreLikeThis.documentID = "libczmq4"
                    $0.moreLikeThis.fields = ["summary"]
                }),
            .message(term("summary", "queue")),
        ])

    private static let replyKinds = GoldenMessage(
        name: "reply-kinds", header: Header(.reply, epoch: brokerEpoch),
        meta: make(WireReplyMeta()) {
            $0.tasks = [
                make(WireTaskResult()) {
                    $0.task = 906
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
                make(WireTaskResult()) {
                    $0.task = 907
                    $0.tookUs = 230
                    $0.explanation = explanation
                },
            ]
            $0.window = 3
        })
}
