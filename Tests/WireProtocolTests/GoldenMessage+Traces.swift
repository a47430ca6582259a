import WireProtocol

/// Messages about items that are part of a trace.
extension GoldenMessage {
    private static let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    static let traces = [
        GoldenMessage(
            name: "submit-traced", header: Header(.submit, id: 7, epoch: session),
            meta: make(WireSubmit()) {
                $0.indexes = ["notes"]
                $0.documents = .none
                $0.profile = true
                $0.traceparent = parent
                $0.tracestate = "rojo=1"
            },
            bodies: [
                .message(make(WireItem()) { $0.text = "queue" }),
                .message(
                    make(WireItem()) {
                        $0.text = "zeromq"
                        $0.traceparent = otherParent
                    }),
            ]),
        GoldenMessage(
            name: "result-traced", header: Header(.result, flags: .final, id: 7, epoch: session),
            meta: make(WireResultMeta()) {
                $0.tookUs = 860
                $0.coverage.shards = 1
                $0.coverage.ok = 1
                $0.profile.searchedUs = 860
                $0.profile.finishedUs = 860
                $0.profile.tasks = [
                    make(WireTaskProfile()) {
                        $0.index = "notes"
                        $0.worker = "w1"
                        $0.answeredUs = 860
                        $0.tookUs = 600
                    }
                ]
                $0.profile.traceparent = parent
                $0.profile.tracestate = "rojo=1"
            }, bodies: [.message(WireHits())]),
        GoldenMessage(
            name: "call-traced", header: Header(.call, id: 983, epoch: brokerEpoch),
            meta: notes([
                make(task(981)) {
                    $0.options.traceparent = parent
                    $0.options.tracestate = "rojo=1"
                },
                make(task(982)) {
                    $0.query = 1
                    $0.options.traceparent = otherParent
                },
            ]),
            bodies: [
                .message(queries([weighted("summary", "queue"), weighted("summary", "zeromq")]))
            ]),
    ]

    private static let otherParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b8-01"

    private static func task(_ number: UInt64) -> WireTask {
        make(WireTask()) {
            $0.task = number
            $0.generation = 1
            $0.k = 10
            $0.budgetMs = 9_995
            $0.sharesFloor = true
        }
    }
}
