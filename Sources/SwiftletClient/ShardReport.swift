import WireMessages
import WireProtocol

/// What became of one shard that a search asked: a line of its coverage ledger.
public struct ShardReport: Sendable, Equatable {
    /// The index it is of.
    public var index: String
    /// Its number in the index, from 0.
    public var shard: UInt32
    /// Whether it answered, and how far.
    public var state: ShardState
    /// Why it did not answer; nil if it did.
    public var failure: ShardFailure?
    /// What was cut where it answered for a part of its documents only; else nil.
    public var degradation: ShardFailure?
    /// The worker that answered; nil without an answer.
    public var worker: String?
    /// The state of the shard's files that was searched; 0 without an answer.
    public var generation: UInt64
    /// Documents in the shard that are not deleted, as its workers announce it; 0 where none ever has.
    public var liveDocuments: UInt64
    /// Documents that the answer accounts for; 0 without one.
    public var coveredDocuments: UInt64
    /// How often its task was sent to a worker.
    public var attempts: UInt32
    /// What the worker took for the task; zero without an answer.
    public var took: Duration
    /// Whether its task was late and was also given to a second replica.
    public var isHedged: Bool

    /// A report; without more arguments, of a shard that was never asked.
    public init(
        index: String, shard: UInt32, state: ShardState, failure: ShardFailure? = nil,
        degradation: ShardFailure? = nil, worker: String? = nil, generation: UInt64 = 0,
        liveDocuments: UInt64 = 0, coveredDocuments: UInt64 = 0, attempts: UInt32 = 0,
        took: Duration = .zero, isHedged: Bool = false
    ) {
        self.index = index
        self.shard = shard
        self.state = state
        self.failure = failure
        self.degradation = degradation
        self.worker = worker
        self.generation = generation
        self.liveDocuments = liveDocuments
        self.coveredDocuments = coveredDocuments
        self.attempts = attempts
        self.took = took
        self.isHedged = isHedged
    }
}

/// How far a shard answered.
public enum ShardState: String, Sendable, CaseIterable {
    /// In full.
    case ok
    /// As in ``SearchCoverage/skipped``: not asked.
    case skipped
    /// For some of its documents: a pattern was cut to its first terms.
    case degraded
    /// Not at all.
    case failed
}

extension ShardReport {
    init(_ wire: WireShardReport) {
        let state = ShardState(wire.state)
        self.init(
            index: wire.index, shard: wire.shard, state: state,
            failure: state == .failed ? ShardFailure(wire) : nil,
            degradation: state == .degraded ? ShardFailure(wire) : nil,
            worker: wire.worker.isEmpty ? nil : wire.worker, generation: wire.generation,
            liveDocuments: wire.liveDocuments, coveredDocuments: wire.coveredDocuments,
            attempts: wire.attempts, took: .microseconds(Int64(clamping: wire.tookUs)),
            isHedged: wire.hedged)
    }
}

extension ShardState {
    fileprivate init(_ wire: WireShardState) {
        self =
            switch wire {
            case .ok: .ok
            case .skipped: .skipped
            case .degraded: .degraded
            case .shardFailed, .unspecified, .UNRECOGNIZED: .failed
            }
    }
}

extension ShardFailure {
    fileprivate init(_ wire: WireShardReport) {
        self.init(
            index: wire.index, shard: wire.shard, code: wire.cause.name, message: wire.message)
    }
}
