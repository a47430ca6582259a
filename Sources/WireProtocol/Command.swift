/// What a message is for: octet 4 of the header.
///
/// Numbers are never reused. 23 CLAIM, 24 BOUND and 25 STATS are reserved and count as
/// unknown. `docs/protocol.md` says who sends which, with which frames.
package enum Command: UInt8, CaseIterable, Sendable {
    /// Joins a broker, or joins it again: any peer to broker.
    case hello = 1
    /// Answers HELLO with the broker's epoch and limits.
    case welcome = 2
    /// Shows life when nothing else was sent: any peer to broker.
    case ping = 3
    /// Answers PING.
    case pong = 4
    /// Answers a peer whose session the broker does not have: HELLO is due.
    case unknownPeer = 5
    /// Ends a session, in either direction.
    case goodbye = 6
    /// A worker wants no new tasks: it finishes what it has, then leaves.
    case drain = 7
    /// Returns result credit (client) or sets the task window (worker).
    case credit = 8
    /// Ends items (client to broker) or tasks (broker to worker) early.
    case cancel = 9
    /// A batch of queries: client to broker.
    case submit = 10
    /// Answers a SUBMIT that the broker took.
    case accepted = 11
    /// Hits of one item, or a part of them.
    case result = 12
    /// Ends a SUBMIT, after all its items.
    case done = 13
    /// One item, one whole SUBMIT or one other message failed.
    case failed = 14
    /// Asks for the broker's view of the cluster.
    case status = 15
    /// Answers STATUS.
    case statusReply = 16
    /// Asks for what the broker's process measures.
    case metrics = 17
    /// Answers METRICS.
    case metricsReply = 18
    /// Whole answers of items that were ready together.
    case results = 19
    /// Tasks for a worker.
    case call = 20
    /// Finished tasks of a worker.
    case reply = 21
    /// Tasks that a worker could not do.
    case callFailed = 22
    /// Asks a worker for stored documents by order key.
    case fetch = 26
    /// Answers FETCH.
    case fetched = 27
    /// Changes settings of the broker, or how it uses a worker: client to broker.
    case admin = 28
    /// Answers ADMIN with the settings in force.
    case adminReply = 29
    /// A worker's health report, on PUB/SUB.
    case health = 30
    /// A supervisor's report of its children.
    case event = 31

    /// The name in `docs/protocol.md`: upper case, words joined by `_`.
    package var name: String {
        switch self {
        case .hello: "HELLO"
        case .welcome: "WELCOME"
        case .ping: "PING"
        case .pong: "PONG"
        case .unknownPeer: "UNKNOWN_PEER"
        case .goodbye: "GOODBYE"
        case .drain: "DRAIN"
        case .credit: "CREDIT"
        case .cancel: "CANCEL"
        case .submit: "SUBMIT"
        case .accepted: "ACCEPTED"
        case .result: "RESULT"
        case .done: "DONE"
        case .failed: "FAILED"
        case .status: "STATUS"
        case .statusReply: "STATUS_REPLY"
        case .metrics: "METRICS"
        case .metricsReply: "METRICS_REPLY"
        case .results: "RESULTS"
        case .call: "CALL"
        case .reply: "REPLY"
        case .callFailed: "CALL_FAILED"
        case .fetch: "FETCH"
        case .fetched: "FETCHED"
        case .admin: "ADMIN"
        case .adminReply: "ADMIN_REPLY"
        case .health: "HEALTH"
        case .event: "EVENT"
        }
    }
}
