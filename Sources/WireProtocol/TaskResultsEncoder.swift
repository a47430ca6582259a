package import WireMessages

/// Encodes a `ReplyMeta`, tasks that have numbers alone octet by octet: nearly all.
///
/// The octets are those that the general encoder makes of the same message (`TaskResultsEncoderTests`).
package struct TaskResultsEncoder {
    private var writer = ProtobufWriter(capacity: 64)

    /// An encoder of no tasks.
    package init() {}

    /// Adds a task; it must have no fields that this program does not know.
    package mutating func append(_ task: WireTaskResult) {
        guard task.hasNumbersAlone else {
            return writer.append(1, present: WireCodec.protobuf.encodeOwn(task))
        }
        writer.append(
            1,
            message: { writer in
                writer.append(addingCapacity: Self.mostOctets) { output in
                    output.appendField(1, task.task)
                    output.appendField(2, UInt64(task.hits))
                    output.appendField(3, task.totalHits)
                    output.appendField(4, task.coveredDocuments)
                    output.appendField(5, task.tookUs)
                    output.appendField(7, task.totalAtLeast ? 1 : 0)
                    output.appendField(8, task.degraded ? 1 : 0)
                    output.appendField(13, task.scoredPostings)
                    if task.floor.bitPattern != 0 {
                        output.appendField(14, presentFloat: task.floor)
                    }
                }
            })
    }

    /// Nine keys with numbers.
    private static let mostOctets = 9 * 11

    /// The frame, with what else the message says.
    package consuming func frame(window: UInt32, running: UInt32, queued: UInt32) -> Frame {
        writer.append(2, UInt64(window))
        writer.append(3, UInt64(running))
        writer.append(4, UInt64(queued))
        return writer.frame
    }
}

extension WireTaskResult {
    fileprivate var hasNumbersAlone: Bool {
        documentLengths.isEmpty && sort.isEmpty && snippets.isEmpty && likeTerms.isEmpty
            && more == nil
    }
}
