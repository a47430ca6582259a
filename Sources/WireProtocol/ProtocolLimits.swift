/// The numbers of protocol version 1: sizes, counts and times.
///
/// The broker owns the policy: what a peer must know it learns from WELCOME. The relations
/// between the numbers are held by tests.
package enum ProtocolLimits {
    // MARK: Sizes, in octets

    /// One message of any kind, all frames together; also the socket's limit for one frame.
    package static let maxMessageBytes = 16 << 20
    /// One SUBMIT, all frames together.
    package static let maxSubmitBytes = 8 << 20
    /// Octets of documents in one RESULT: the first document that reaches this ends the chunk. The first answer
    /// that reaches it ends a RESULTS.
    package static let resultChunkBytes = 256 << 10
    /// Octets of all documents of one item's answer.
    package static let maxAnswerDocumentBytes = 8 << 20

    // MARK: Counts

    /// Items of one SUBMIT.
    package static let maxItems = 1000
    /// Frames of one message, header included.
    package static let maxFrames = 1024
    /// Items of one client that have no final RESULT or FAILED yet.
    package static let maxOutstandingItems = 4096
    /// Offset plus limit of one item.
    package static let maxHits = 10_000
    /// Hits of an item that names no limit.
    package static let defaultHits = 10
    /// Messages nested in messages; a query tree takes two levels for each boolean node.
    package static let maxNesting = 160
    /// Answers that a client takes without CREDIT, if its HELLO says 0.
    package static let defaultResultWindow = 64
    /// The largest result window that a broker grants.
    package static let maxResultWindow = 4096
    /// The largest task window of a worker.
    package static let maxTaskWindow = 256
    /// Random epochs, incarnations and session ids lie below this, so that a JSON number that is
    /// held as binary64 keeps every bit.
    package static let randomNumberBound: UInt64 = 1 << 53

    // MARK: Time budgets

    /// For each item of a SUBMIT whose header says 0.
    package static let defaultBudget = Duration.seconds(10)
    /// The most that a SUBMIT may ask for; more is cut down to it.
    package static let maxBudget = Duration.seconds(300)
    /// How long an item waits for a live replica of a shard before it fails with NO_WORKERS, or for an
    /// index before it fails with NOT_FOUND.
    package static let noWorkersWait = Duration.milliseconds(1_800)

    // MARK: Settings, as `configure` takes them

    /// Of an item whose SUBMIT names no budget.
    package static let timeoutMilliseconds = 1...longestBudget
    /// How often one task is tried again after BUSY.
    package static let retries: ClosedRange<UInt32> = 0...100
    /// How often workers check themselves.
    package static let healthCheckMilliseconds: ClosedRange<UInt32> = 100...3_600_000
    /// Items that take at least as long are logged; 0: none.
    package static let slowQueryMilliseconds = 0...longestBudget
    /// `maxBudget` in milliseconds.
    private static let longestBudget = UInt32(maxBudget / .milliseconds(1))

    // MARK: Liveness

    /// A worker or supervisor sends PING after this long without sending anything.
    package static let workerPingInterval = Duration.milliseconds(250)
    /// A worker silent for this long is suspected: it gets no new tasks.
    package static let workerSuspicion = Duration.milliseconds(750)
    /// A worker or supervisor silent for this long is lost.
    package static let workerExpiry = Duration.seconds(3)
    /// A client sends PING after this long without sending anything.
    package static let clientPingInterval = Duration.seconds(1)
    /// The session of a client silent for this long is dropped, and its work cancelled.
    package static let clientExpiry = Duration.seconds(10)
    /// A peer that hears nothing from the broker for this long closes its socket and connects anew.
    package static let brokerSilence = Duration.seconds(3)
    /// The wait before the first new connection; doubles with each one that fails.
    package static let reconnectBackoffMin = Duration.milliseconds(100)
    /// The longest wait before a new connection.
    package static let reconnectBackoffMax = Duration.seconds(5)
    /// A worker publishes its health at least this often.
    package static let healthInterval = Duration.seconds(1)
    /// A worker publishes its health at most this often.
    package static let healthMinimumInterval = Duration.milliseconds(100)
    /// A worker checks its shards this often, unless a broker says otherwise.
    package static let healthCheckInterval = Duration.seconds(30)
}
