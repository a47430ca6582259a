public import SearchIndex

/// One found document.
public struct SearchHit: Sendable, Equatable {
    /// The document's id.
    public var id: String
    /// The BM25 score; the same for every sharding of a collection. 0 in an answer that is sorted by
    /// columns, where none is computed.
    public var score: Float
    /// What it is sorted by, one value per key, nil where the document has none; empty in an answer
    /// in the order of scores.
    public var sortValues: [FieldValue?]
    /// The index it is in.
    public var index: String
    /// The shard of that index, from 0.
    public var shard: UInt32
    /// What orders documents of equal scores.
    public var orderKey: UInt64
    /// The stored document as JSON text in UTF-8, or its selected members; nil if it was not asked.
    public var document: [UInt8]?
    /// The fragments with the query's words, by field, for the fields asked that have any.
    public var snippets: [FieldSnippets]

    /// A hit.
    public init(
        id: String, score: Float, sortValues: [FieldValue?] = [], index: String, shard: UInt32,
        orderKey: UInt64, document: [UInt8]?, snippets: [FieldSnippets] = []
    ) {
        self.id = id
        self.score = score
        self.sortValues = sortValues
        self.index = index
        self.shard = shard
        self.orderKey = orderKey
        self.document = document
        self.snippets = snippets
    }
}

/// The answer to one query.
public struct SearchResponse: Sendable {
    /// Best first, or in the order asked; as many as the limit at most.
    public var hits: [SearchHit]
    /// What to give as `after` for the next page; nil when this page is not full.
    public var next: String?
    /// How many documents match.
    public var totalHits: UInt64
    /// Whether `totalHits` is exact, or a lower bound.
    public var isTotalExact: Bool
    /// From the query's arrival to its answer, as the answering side measured it.
    public var took: Duration
    /// What became of every shard asked.
    public var coverage: SearchCoverage
    /// Where the time went; nil unless it was asked of a cluster.
    public var profile: SearchProfile?

    /// An answer.
    public init(
        hits: [SearchHit], next: String? = nil, totalHits: UInt64, isTotalExact: Bool = true,
        took: Duration, coverage: SearchCoverage
    ) {
        self.hits = hits
        self.next = next
        self.totalHits = totalHits
        self.isTotalExact = isTotalExact
        self.took = took
        self.coverage = coverage
    }
}

/// The coverage ledger of an answer: `shards` is the sum of the four states.
public struct SearchCoverage: Sendable, Equatable {
    /// Shards asked.
    public var shards: UInt32
    /// Shards that answered in full.
    public var ok: UInt32
    /// Shards that are known to hold no match, so that they were not searched. This version searches
    /// every shard, so it is 0.
    public var skipped: UInt32
    /// Shards that were searched for the first terms of a pattern only: hits may be missing.
    public var degraded: UInt32
    /// Shards without an answer.
    public var failed: UInt32
    /// Tasks that were sent again to another worker.
    public var resent: UInt32
    /// Shards whose task was late and was also given to a second replica.
    public var hedged: UInt32
    /// The shards without an answer.
    public var failures: [ShardFailure]
    /// The shards that were searched in part, and what was cut in each.
    public var degradations: [ShardFailure]
    /// One for each shard asked, where ``SearchOptions/ledger`` asks for them, where a shard is not ok, and in
    /// errors; else empty. In the order of the indexes asked, then of the shards.
    public var reports: [ShardReport]

    /// A ledger.
    public init(
        shards: UInt32 = 0, ok: UInt32 = 0, skipped: UInt32 = 0, degraded: UInt32 = 0,
        failed: UInt32 = 0, resent: UInt32 = 0, hedged: UInt32 = 0,
        failures: [ShardFailure] = [], degradations: [ShardFailure] = [],
        reports: [ShardReport] = []
    ) {
        self.shards = shards
        self.ok = ok
        self.skipped = skipped
        self.degraded = degraded
        self.failed = failed
        self.resent = resent
        self.hedged = hedged
        self.failures = failures
        self.degradations = degradations
        self.reports = reports
    }

    /// Whether the answer is the answer of the whole collection.
    public var isComplete: Bool { degraded == 0 && failed == 0 }
}

/// A shard without an answer, or with one of which a part is missing.
public struct ShardFailure: Sendable, Equatable {
    /// The index it is of.
    public var index: String
    /// Its number in the index, from 0.
    public var shard: UInt32
    /// The stable code, as docs/protocol.md lists them.
    public var code: String
    /// What happened.
    public var message: String

    /// A failure.
    public init(index: String, shard: UInt32, code: String, message: String) {
        self.index = index
        self.shard = shard
        self.code = code
        self.message = message
    }
}

/// Why a query has no answer.
public struct SearchError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The stable code, as docs/protocol.md lists them: `BAD_REQUEST`, `NO_WORKERS`, …
    public var code: String
    /// What, where, what was expected, what to do.
    public var message: String
    /// Where in the query's text, in bytes of UTF-8; nil if it is not about a place in it.
    public var positionBytes: Int?
    /// What became of the shards asked; nil if none were.
    public var coverage: SearchCoverage?

    /// An error.
    public init(
        code: String, message: String, positionBytes: Int? = nil, coverage: SearchCoverage? = nil
    ) {
        self.code = code
        self.message = message
        self.positionBytes = positionBytes
        self.coverage = coverage
    }

    /// `CODE: message`.
    public var description: String { "\(code): \(message)" }
}
