import DequeModule
package import WireProtocol

/// What bounds and times a broker; every value is finite and has a stated policy at the limit.
package struct BrokerSettings: Sendable {
    /// Shown to peers and in `status`.
    package var name: String
    /// Random for each start of the broker, below 2^53: fences replies to an earlier broker.
    package var epoch: UInt64
    /// Known to nobody else, so that no client can make frames whose hashes are alike.
    package var hashSeed = UInt64.random(in: .min ... .max)
    /// Where it is: replicas in the same zone come first; empty for no preference.
    package var zone = ""
    /// What operators can change while it runs, as it starts.
    package var configuration = OperatorSettings()

    /// A worker PINGs after this long without sending; three silent intervals make it suspected.
    package var workerPingInterval = ProtocolLimits.workerPingInterval
    /// Workers that may PING at that interval. Where there are more all PING more rarely, up to
    /// `maxPace` times, so that a broker with nothing to do has little to do.
    package var workersAtFullPace = 500
    /// A worker's silence must still be shorter than that after which it leaves a broker.
    package var maxPace = 3
    /// A worker silent for this long is lost: its tasks are sent to other replicas.
    package var workerExpiry = ProtocolLimits.workerExpiry
    /// A client PINGs after this long without sending.
    package var clientPingInterval = ProtocolLimits.clientPingInterval
    /// A client silent for this long is gone: its work is cancelled.
    package var clientExpiry = ProtocolLimits.clientExpiry
    /// A supervisor silent for this long is forgotten.
    package var supervisorExpiry = ProtocolLimits.clientExpiry
    /// How long an item waits for a live replica before it fails with NO_WORKERS.
    package var noWorkersWait = ProtocolLimits.noWorkersWait
    /// Kept from a task's budget for the way back and the merge.
    package var mergeReserve: Duration = .milliseconds(5)

    /// Kept from the budget of an item whose answer may lack shards, for the documents of those that
    /// have answered; at most a quarter of it.
    package var partialReserve: Duration = .milliseconds(50)

    /// Items of all clients together; one SUBMIT more is answered BUSY.
    package var maxItems = 10_000
    /// Bytes of the waiting items of all clients together; one SUBMIT more is answered BUSY.
    package var maxQueuedBytes = 256 << 20
    /// Bytes of unacknowledged results of one client; beyond it none of its items are started.
    package var maxUnacknowledgedBytes = 64 << 20
    /// Bytes of documents in one answer; an item over it fails with TOO_LARGE.
    package var maxDocumentBytes = ProtocolLimits.maxAnswerDocumentBytes
    /// Octets of documents in one RESULT: the first one that reaches this ends the chunk. The first answer
    /// that reaches it ends a RESULTS.
    package var resultChunkBytes = ProtocolLimits.resultChunkBytes
    /// Workers that end with one item's task in flight, the last with no other, after which the item
    /// fails; at least 2.
    package var maxWorkerDeaths = 3
    /// Tasks in flight at one worker, whatever window it announces.
    package var maxWindow = 256
    /// Fetches a worker takes beyond its window, since they end items that hold results.
    package var fetchAllowance = 64
    /// Sessions on each of the two links; one HELLO more is refused with BUSY.
    package var maxSessions = 20_000
    /// Indexes in the shard map; a worker with one more is refused.
    package var maxIndexes = 4_096
    /// Shards of one index; a worker that announces more is refused.
    package var maxShards = 65_536

    package init(name: String, epoch: UInt64) {
        self.name = name
        self.epoch = epoch
    }

    /// Silence after which a worker gets no new tasks and its tasks are sent elsewhere too; longer for
    /// one that was told to PING more rarely.
    package var suspicion: Duration { workerPingInterval * 3 }
}

/// What the broker asks its shell to do, in order.
package enum BrokerAction: Sendable {
    /// Send a message; if the peer is unreachable or its queue is full, tell the broker.
    case send([Frame], to: PeerID)
    /// Publish on the event socket, if there is one: topic, header, body.
    case publish([Frame])
    /// Write a line for the operator.
    case log(LogLevel, String)
    /// Write the process's metrics down and hand them to `answerMetrics`.
    case describeMetrics(MetricsRequest)
}

/// How much an operator should care.
package enum LogLevel: Sendable {
    case debug
    case info
    case warning
}
