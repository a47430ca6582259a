package import SearchIndex
package import WireMessages
package import WireProtocol

/// Which of a worker's brokers: its position in the list the worker was started with.
package struct BrokerLink: Hashable, Sendable {
    package let position: Int

    package init(position: Int) {
        self.position = position
    }
}

/// A shard that a worker serves.
package struct ServedShardKey: Hashable, Sendable {
    package let index: String
    package let shard: UInt32

    package init(index: String, shard: UInt32) {
        self.index = index
        self.shard = shard
    }
}

/// What a worker is and serves; fixed for the life of its process.
package struct WorkerSettings: Sendable {
    package var name: String
    package var pool: String
    /// Random for each start, below 2^53.
    package var incarnation: UInt64
    package var pid: UInt32
    package var host: String
    /// Search threads.
    package var slots: Int
    /// Its share of the tasks, compared with other replicas'; 0 for its number of search threads.
    package var weight = 0.0
    /// Where it is; brokers of its zone prefer it; empty if it does not matter.
    package var zone = ""
    /// As HELLO carries it.
    package var indexes: [WireServedIndex]
    /// Brokers it joins, one DEALER each.
    package var brokerCount: Int

    /// Tasks held at once for all brokers together; one more is answered BUSY.
    package var maxTasks = 1_024
    /// The window covers about this much of the worker's own service time.
    package var windowCoverage: Duration = .milliseconds(1)
    package var maxWindow = 256
    /// An answer waits at most for so long for another one to travel with.
    package var replyHold: Duration = .milliseconds(5)
    /// Tasks that a thread works on for so long are logged.
    package var slowTask: Duration = .seconds(1)
    /// A REPLY is sent when its payload reaches this size, so that no message is too large.
    package var maxReplyBytes = 4 << 20
    /// Jobs in hand up to which the worker's own thread may do small ones.
    package var fewJobs = 4
    /// Bytes of documents in the answer to one task; a task over it fails with TOO_LARGE.
    package var maxDocumentBytes = ProtocolLimits.maxAnswerDocumentBytes

    package init(
        name: String, pool: String, incarnation: UInt64, pid: UInt32, host: String, slots: Int,
        indexes: [WireServedIndex], brokerCount: Int
    ) {
        self.name = name
        self.pool = pool
        self.incarnation = incarnation
        self.pid = pid
        self.host = host
        self.slots = slots
        self.indexes = indexes
        self.brokerCount = brokerCount
    }
}

/// A task as those who work on it know it; unique in the worker's process.
package struct JobID: Hashable, Sendable {
    package let number: UInt64
}

/// Work for a search thread, or for the worker's own.
package struct WorkerJob: Sendable {
    package let id: JobID
    package let shard: ServedShardKey
    package let deadline: MonotonicInstant
    package let kind: Kind

    /// A search, what prepares one, an explanation, or getting the documents of hits.
    package enum Kind: Sendable {
        case search(SearchJob)
        case likeTerms(LikeTermsJob)
        case explain(ExplainJob)
        case fetch(FetchJob)
    }

    /// The query, the statistics every shard scores with, and how many hits are wanted.
    package struct SearchJob: Sendable {
        package let query: Query
        package let statistics: CollectionStatistics
        package let k: Int
        /// Whether the lowest scores are wanted, lowest first.
        package let lowest: Bool
        /// What other shards have found; nil where each shard must find all its best.
        package let floor: SharedFloor?
        /// Empty for the order of scores.
        package let sort: [SortKey]
        /// Only hits behind this place are wanted; nil for all.
        package let after: SearchPlace?
        package let totals: TotalCounting
        package let limits: ExpansionLimits
        /// Send what `form` says of the hits from this rank on; nil for none.
        package let documentsFrom: Int?
        package let form: HitForm

        package init(
            query: Query, statistics: CollectionStatistics, k: Int, lowest: Bool = false,
            floor: SharedFloor? = nil, sort: [SortKey] = [], after: SearchPlace? = nil,
            totals: TotalCounting = .exact,
            limits: ExpansionLimits = ExpansionLimits(), documentsFrom: Int? = nil,
            form: HitForm = HitForm(wantsDocument: false)
        ) {
            self.query = query
            self.statistics = statistics
            self.k = k
            self.lowest = lowest
            self.floor = floor
            self.sort = sort
            self.after = after
            self.totals = totals
            self.limits = limits
            self.documentsFrom = documentsFrom
            self.form = form
        }
    }

    /// The query whose more-like-this nodes are to be rewritten.
    package struct LikeTermsJob: Sendable {
        package let query: Query
        package let statistics: CollectionStatistics
    }

    /// The document whose score is to be explained.
    package struct ExplainJob: Sendable {
        package let query: Query
        package let statistics: CollectionStatistics
        package let documentID: [UInt8]
        package let limits: ExpansionLimits
    }

    /// The hits whose documents are wanted, and what of them.
    package struct FetchJob: Sendable {
        package let keys: [OrderKey]
        package let form: HitForm
        /// Whose words are highlighted.
        package let query: Query
    }
}

/// What came of a job.
package enum JobOutcome: Sendable {
    case hits(ShardAnswer)
    case documents([FormedHit])
    /// For each more-like-this node, depth first; nil where its document is not in the shard.
    case likeTerms([[LikeTerm]?])
    case explanation(Explanation)
    case failed(WireErrorCode, String)

    /// Why there is no answer; nil for an answer.
    package var failureCode: WireErrorCode? {
        if case .failed(let code, _) = self { code } else { nil }
    }
}

/// The answer of one shard to one search.
package struct ShardAnswer: Sendable {
    package let hits: [FoundHit]
    package let total: TotalHits
    package let coveredDocuments: UInt64
    /// The pattern that was cut, so that hits may be missing; nil without one.
    package let cut: PatternCut?
    /// What is wanted of the documents of the hits from the job's rank on.
    package var documents: [FormedHit]
    /// Postings that were looked at for their scores, about.
    package var scoredPostings = 0
    /// The score that the search began with; nil for none.
    package var floor: Float?

    package init(
        hits: [FoundHit], total: TotalHits, coveredDocuments: UInt64, cut: PatternCut? = nil,
        documents: [FormedHit] = []
    ) {
        self.hits = hits
        self.total = total
        self.coveredDocuments = coveredDocuments
        self.cut = cut
        self.documents = documents
    }
}

/// What a worker asks its shell to do, in order.
package enum WorkerAction: Sendable {
    case send([Frame], on: BrokerLink)
    /// Close the link's socket and open a new one.
    case reconnect(BrokerLink)
    /// Do a job: hand it to the search threads, or, while `WorkerNode.hasFewJobs`, do it at once if it is small.
    case run(WorkerJob)
    /// Stop a job as soon as its thread looks; its outcome is still reported.
    case cancel(JobID)
    /// Check the shards beside everything else, and hand in what was found.
    case probe
    /// Publish on the health socket: topic, header, body.
    case publish([Frame])
    case log(LogLevel, String)
    /// All tasks are answered and all brokers know: the process may end.
    case finished
}
