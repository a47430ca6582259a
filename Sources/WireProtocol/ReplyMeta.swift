package import WireMessages

/// The meta of a REPLY as a broker reads it.
///
/// Those whose tasks have numbers alone are read octet by octet: nearly all, and one task for each item and
/// shard. The general decoder reads all others.
package struct ReplyMeta {
    /// In the order of the message.
    package private(set) var tasks: [TaskAnswer] = []
    package private(set) var window: UInt32 = 0
    package private(set) var running: UInt32 = 0
    package private(set) var queued: UInt32 = 0
}

/// What a worker says of one task. It is moved more often than it is looked at, so that what only few
/// tasks have is kept apart.
package struct TaskAnswer {
    package private(set) var task: UInt64 = 0
    package private(set) var hits: UInt32 = 0
    package private(set) var totalHits: UInt64 = 0
    /// Whether `totalHits` is a lower bound.
    package private(set) var totalAtLeast = false
    package private(set) var coveredDocuments: UInt64 = 0
    package private(set) var tookMicroseconds: UInt64 = 0
    /// Whether a pattern was cut.
    package private(set) var isDegraded = false
    package private(set) var scoredPostings: UInt64 = 0
    /// The score below which nothing was looked for; 0 for none.
    package private(set) var floor: Float = 0
    /// The message, if it has anything else.
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
    /// Of `LIKE_TERMS`: one for each node, depth first.
    package var likeTerms: [WireLikeTerms] { whole?.message.likeTerms ?? [] }
    /// Of `EXPLAIN`.
    package var explanation: WireExplanation? {
        whole.flatMap { $0.message.hasExplanation ? $0.message.explanation : nil }
    }
}

// From the general decoder.
extension ReplyMeta {
    /// What the message says.
    init(_ wire: WireReplyMeta) {
        tasks = wire.tasks.map { TaskAnswer($0) }
        window = wire.window
        running = wire.running
        queued = wire.queued
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

// Octet by octet.
extension WireMessage {
    /// The meta of a REPLY.
    ///
    /// - Throws: `WireError.malformedMessage`.
    package func replyMeta() throws(WireError) -> ReplyMeta {
        if header.codec == .protobuf, let frame = frames.first,
            let plain = ReplyMeta(plain: ProtobufReader(frame))
        {
            return plain
        }
        return ReplyMeta(try meta())
    }
}

extension ReplyMeta {
    /// Nil for a message with anything else, which is for the general decoder.
    init?(plain reader: ProtobufReader) {
        // Room is made once, for any number that a worker may be given.
        tasks.reserveCapacity(min(Self.taskCount(reader), ProtocolLimits.maxItems))
        var reader = reader
        while let field = reader.nextField() {
            if field == 1 {
                guard let task = reader.message().flatMap(TaskAnswer.init(plain:)) else {
                    return nil
                }
                tasks.append(task)
                continue
            }
            guard let number = reader.number32() else { return nil }
            switch field {
            case 2: window = number
            case 3: running = number
            case 4: queued = number
            default: return nil
            }
        }
        guard reader.isAtEnd else { return nil }
    }

    /// How many tasks the message begins with.
    private static func taskCount(_ reader: ProtobufReader) -> Int {
        var (reader, count) = (reader, 0)
        while reader.nextField() == 1, reader.message() != nil { count += 1 }
        return count
    }
}

extension TaskAnswer {
    /// Nil for a result with sort values, lengths of documents, terms or an explanation.
    fileprivate init?(plain reader: ProtobufReader) {
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
