import WireMessages

/// Where the time of a cluster's answer went, from the arrival of its batch at the broker.
public struct SearchProfile: Sendable, Equatable {
    /// When the query left its client's queue at the broker.
    public var started: Duration
    /// When the last shard had answered.
    public var searched: Duration
    /// When its documents were there.
    public var finished: Duration
    /// One for each shard that answered, in the order of the shards.
    public var tasks: [TaskProfile]
    /// The trace that the query was part of, as the workers saw it; nil for none.
    public var trace: TraceContext?

    init(_ wire: WireProfile) {
        started = .microseconds(Int64(clamping: wire.startedUs))
        searched = .microseconds(Int64(clamping: wire.searchedUs))
        finished = .microseconds(Int64(clamping: wire.finishedUs))
        tasks = wire.tasks.map(TaskProfile.init)
        trace = TraceContext(traceparent: wire.traceparent, tracestate: wire.tracestate)
    }
}

/// The answer of one shard.
public struct TaskProfile: Sendable, Equatable {
    /// The index it is of.
    public var index: String
    /// The shard of that index, from 0.
    public var shard: UInt32
    /// The worker that answered.
    public var worker: String
    /// When it was sent to the worker.
    public var sent: Duration
    /// When the answer was there.
    public var answered: Duration
    /// What a search thread took for it.
    public var took: Duration
    /// Postings that were looked at for their scores, about.
    public var scoredPostings: UInt64
    /// The score it began with, because other shards had found enough hits that reach it; 0 for none.
    public var floor: Float
    /// How many hits it gave.
    public var hits: UInt32

    init(_ wire: WireTaskProfile) {
        index = wire.index
        shard = wire.shard
        worker = wire.worker
        sent = .microseconds(Int64(clamping: wire.sentUs))
        answered = .microseconds(Int64(clamping: wire.answeredUs))
        took = .microseconds(Int64(clamping: wire.tookUs))
        scoredPostings = wire.scoredPostings
        floor = wire.floor
        hits = wire.hits
    }
}
