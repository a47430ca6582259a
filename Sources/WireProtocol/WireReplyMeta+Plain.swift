/// Reading the metas of REPLYs whose tasks have numbers alone: nearly all, and one task for each item and
/// shard.
extension WireMessage {
    /// `meta()` of a REPLY: the same message or the same error, in less time where it can be.
    package func replyMeta() throws(WireError) -> WireReplyMeta {
        if header.codec == .protobuf, let frame = frames.first,
            let plain = WireReplyMeta(plain: ProtobufReader(frame))
        {
            return plain
        }
        return try meta()
    }
}

extension WireReplyMeta {
    /// Nil for a message with anything else, which is for the general decoder.
    init?(plain reader: ProtobufReader) {
        self.init()
        // A result is large to move: room is made once, for any number that a worker may be given.
        tasks.reserveCapacity(min(Self.taskCount(reader), ProtocolLimits.maxItems))
        var reader = reader
        while let field = reader.nextField() {
            if field == 1 {
                guard let task = reader.message().flatMap(WireTaskResult.init(plain:)) else {
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

extension WireTaskResult {
    /// Nil for a result with sort values, lengths of documents, terms or an explanation.
    fileprivate init?(plain reader: ProtobufReader) {
        self.init()
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
            case 5: tookUs = number
            case 7: totalAtLeast = number != 0
            case 8: degraded = number != 0
            case 13: scoredPostings = number
            default: return nil
            }
        }
        guard reader.isAtEnd else { return nil }
    }
}
