package import WireMessages

/// What a worker says of one task. It is moved more often than it is looked at, so that what only few
/// tasks have is kept apart.
package struct TaskAnswer {
    /// The number that the broker gave it.
    package private(set) var task: UInt64 = 0
    /// Its hits in the frames of the REPLY.
    package private(set) var hits: UInt32 = 0
    /// Documents that match in the shard.
    package private(set) var totalHits: UInt64 = 0
    /// Whether `totalHits` is a lower bound.
    package private(set) var totalAtLeast = false
    /// Documents whose place is decided.
    package private(set) var coveredDocuments: UInt64 = 0
    /// Of a search thread.
    package private(set) var tookMicroseconds: UInt64 = 0
    /// Whether a pattern was cut.
    package private(set) var isDegraded = false
    /// Postings looked at for their score, about.
    package private(set) var scoredPostings: UInt64 = 0
    /// The score below which nothing was looked for; 0 for none.
    package private(set) var floor: Float = 0
    /// The message, if the general decoder has read it: it may have anything else.
    private(set) var whole: Whole?

    final class Whole: Sendable {
        let message: WireTaskResult

        init(_ message: WireTaskResult) {
            self.message = message
        }
    }

    /// Octets of each document sent; empty if none were asked.
    package var documentLengths: [UInt32] { whole?.message.documentLengths ?? [] }
    /// One for each hit of a task with sort keys.
    package var sort: [WireSortValues] { whole?.message.sort ?? [] }
    /// One for each document, or none.
    package var snippets: [WireHitSnippets] { whole?.message.snippets ?? [] }
    /// Why it is degraded, for people.
    package var degradedReason: String { whole?.message.degradedReason ?? "" }
    /// Of `LIKE_TERMS`: one for each node, depth first.
    package var likeTerms: [WireLikeTerms] { whole?.message.likeTerms ?? [] }
    /// Of `EXPLAIN`.
    package var explanation: WireExplanation? {
        guard case .explanation(let explanation) = whole?.message.more else { return nil }
        return explanation
    }
}

extension TaskAnswer {
    /// What the message says.
    package init(_ wire: WireTaskResult) {
        task = wire.task
        hits = wire.hits
        totalHits = wire.totalHits
        totalAtLeast = wire.totalAtLeast
        coveredDocuments = wire.coveredDocuments
        tookMicroseconds = wire.tookUs
        isDegraded = wire.degraded
        scoredPostings = wire.scoredPostings
        floor = wire.floor
        whole = Whole(wire)
    }
}

extension TaskAnswer {
    /// Nil for a result with sort values, lengths of documents, terms, an explanation or a reason.
    init?(plain reader: ProtobufReader) {
        var reader = reader
        while let field = reader.nextField() {
            if field == 14 {
                guard let value = reader.float() else { return nil }
                floor = value
                continue
            }
            guard let number = reader.number() else { return nil }
            switch field {
            case 1: task = number
            case 2:
                guard let count = UInt32(exactly: number) else { return nil }
                hits = count
            case 3: totalHits = number
            case 4: coveredDocuments = number
            case 5: tookMicroseconds = number
            case 7: totalAtLeast = number != 0
            case 8: isDegraded = number != 0
            case 13: scoredPostings = number
            default: return nil
            }
        }
        guard reader.isAtEnd else { return nil }
    }
}
