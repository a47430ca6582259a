import WireMessages

/// The meta of a REPLY as a broker reads it.
///
/// Those whose tasks have numbers alone are read octet by octet: nearly all, and one task for each item and
/// shard. The general decoder reads all others.
package struct ReplyMeta {
    /// In the order of the message.
    package private(set) var tasks: [TaskAnswer] = []
    /// How many tasks the worker takes at once; 0 leaves that as it was.
    package private(set) var window: UInt32 = 0
    /// Tasks of all brokers that it works on.
    package private(set) var running: UInt32 = 0
    /// Tasks of all brokers that wait for a thread of it.
    package private(set) var queued: UInt32 = 0
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
