public import SearchIndex

/// How the words of a query without operators are combined.
public enum QueryOperator: String, Sendable, CaseIterable {
    /// A document needs any of them.
    case or
    /// A document needs all of them.
    case and
}

/// What holds for every query of a search or batch, unless a request says otherwise.
public struct SearchOptions: Sendable {
    /// Names of the indexes to search; empty for every index there is.
    public var indexes: [String]
    /// The most hits of one answer.
    public var limit: UInt32
    /// How many of the best hits are left out before the first one given.
    public var offset: UInt32
    /// How words are combined.
    public var queryOperator: QueryOperator
    /// Whether queries that break the language are taken as words instead of refused, and patterns of
    /// too many terms are cut to the first of them, as the answer's coverage says.
    public var isLenient: Bool
    /// What hits are sorted by, at most four fields with columns; empty for the order of scores.
    public var sort: [SortKey]
    /// How exactly matches are counted. A search that is sorted by columns counts all in any case.
    public var totals: TotalCounting
    /// Whether hits carry their stored documents.
    public var documents: Bool
    /// The members of the documents that hits carry, by dotted path; empty for all.
    public var fields: [String]
    /// The fields of which hits carry fragments with the query's words; nil for none.
    public var highlighting: Highlighting?
    /// How long each answer may take; then it fails with `DEADLINE`. Nil for the `timeout` that the broker
    /// or ``SearchCluster`` is configured with: 10 s unless that was changed. A broker that cannot be
    /// reached is then waited for 10 s.
    public var budget: Duration?
    /// What answers may lack when shards of a cluster do not answer; nil for nothing.
    public var partial: PartialAnswers?
    /// How a broker chooses among replicas; nil for the way it is configured.
    public var loadBalancing: LoadBalancing?
    /// Whether the answer of a cluster says where its time went.
    public var profile = false
    /// Whether the coverage of a cluster's answer lists every shard asked, with what became of it.
    public var ledger = false
    /// When the answers of a batch are given.
    public var order = AnswerOrder.completion
    /// The trace that the queries are part of, where a request has none of its own; nil for none.
    public var trace: TraceContext? = nil
    /// How the hits of shards become one list.
    public var merge: MergeStrategy? = nil
    /// From 0 to 9: at a broker with more work than its workers can take at once, queries of a higher
    /// one go first; each step lets at most 64 of every client go before.
    public var priority: UInt8 = SearchOptions.defaultPriority

    /// Of an index in this process, where nothing says how long an answer may take.
    static let defaultBudget = Duration.seconds(10)
    /// The priority of queries that are neither urgent nor in the background.
    public static let defaultPriority: UInt8 = 5

    /// Options; without arguments, the best 10 hits of all indexes with their documents.
    public init(
        indexes: [String] = [], limit: UInt32 = 10, offset: UInt32 = 0,
        queryOperator: QueryOperator = .or, isLenient: Bool = false, sort: [SortKey] = [],
        totals: TotalCounting = .exact, documents: Bool = true, fields: [String] = [],
        highlighting: Highlighting? = nil, budget: Duration? = nil,
        partial: PartialAnswers? = nil, loadBalancing: LoadBalancing? = nil
    ) {
        self.indexes = indexes
        self.limit = limit
        self.offset = offset
        self.queryOperator = queryOperator
        self.isLenient = isLenient
        self.sort = sort
        self.totals = totals
        self.documents = documents
        self.fields = fields
        self.highlighting = highlighting
        self.budget = budget
        self.partial = partial
        self.loadBalancing = loadBalancing
    }
}

/// Answers of some of the shards, each with the account of those it lacks.
public struct PartialAnswers: Sendable {
    /// The least share of the live documents that an answer covers, from 0 to 1; one that covers less
    /// fails. A shard in which a pattern was cut covers none.
    public var minimumCoverage: Double

    /// Partial answers; without arguments, as soon as one shard has answered.
    public init(minimumCoverage: Double = 0) {
        self.minimumCoverage = minimumCoverage
    }
}

/// One query, with what differs from the options of its batch.
public struct SearchRequest: Sendable {
    /// The query in the query language (docs/query-language.md).
    public var text: String
    /// Instead of the options' limit; nil to keep it.
    public var limit: UInt32?
    /// Instead of the options' offset; nil to keep it.
    public var offset: UInt32?
    /// Instead of the options' operator; nil to keep it.
    public var queryOperator: QueryOperator?
    /// Whether hits carry their stored documents, instead of what the options say; nil to keep it.
    public var documents: Bool?
    /// The `next` of the answer whose next page this is; nil for the first page.
    public var after: String?
    /// The trace that the query is part of, instead of the options'; nil to keep it.
    public var trace: TraceContext?

    /// A query.
    public init(
        _ text: String, limit: UInt32? = nil, offset: UInt32? = nil,
        queryOperator: QueryOperator? = nil, after: String? = nil, documents: Bool? = nil
    ) {
        self.text = text
        self.limit = limit
        self.offset = offset
        self.queryOperator = queryOperator
        self.after = after
        self.documents = documents
    }
}
