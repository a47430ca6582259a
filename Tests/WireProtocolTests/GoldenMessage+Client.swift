import WireProtocol

extension GoldenMessage {
    /// How a client joins and leaves, and what it asks.
    static let clientLink = joining + asking

    static func client(
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
                $0.versions.min = 1
                $0.versions.max = 1
                $0.resultWindow = 64
            }),
        GoldenMessage(
            name: "welcome", header: client(.welcome),
            meta: welcome {
                $0.pingMs = 1000
                $0.expiryMs = 10_000
                $0.resultWindow = 64
            }),
        GoldenMessage(name: "ping", header: client(.ping), meta: WirePing()),
        GoldenMessage(name: "pong", header: client(.pong), meta: WirePong()),
        GoldenMessage(
            name: "unknown-peer", header: client(.unknownPeer),
            meta: make(WireUnknownPeer()) {
                $0.reason = "no session for this connection: say HELLO first"
            }),
        GoldenMessage(name: "goodbye", header: client(.goodbye), meta: WireGoodbye()),
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

    /// A WELCOME, but for what differs between the links.
    static func welcome(_ fill: (inout WireWelcome) -> Void) -> WireWelcome {
        make(WireWelcome()) {
            $0.broker = "broker1"
            $0.epoch = brokerEpoch
            $0.version = 1
            $0.maxMessageBytes = 16_777_216
            $0.maxItems = 1000
            $0.maxOutstandingItems = 4096
            $0.maxHits = 10_000
            $0.defaultBudgetMs = 10_000
            $0.maxBudgetMs = 300_000
            $0.healthCheckMs = 30_000
            fill(&$0)
        }
    }

    /// A term query without a boost.
    static func term(_ field: String, _ term: String) -> WireQuery {
        make(WireQuery()) {
            $0.term.field = field
            $0.term.term = term
        }
    }

    /// A term query as the broker passes it on, with its boost.
    static func weighted(_ field: String, _ term: String) -> WireQuery {
        make(GoldenMessage.term(field, term)) { $0.term.boost = 1 }
    }
}
