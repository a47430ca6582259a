/// Encodes the tasks of a `CallMeta` one by one, as they are handed out.
///
/// The octets are those that the general encoder makes of the same tasks (`TasksEncoderTests`). Behind
/// those of a `CallMeta` without tasks they are the whole message: `tasks` is its last field.
package struct TasksEncoder {
    private var writer = ProtobufWriter(capacity: 64)

    /// An encoder of no tasks.
    package init() {}

    /// Adds a task; it must have no fields that this program does not know.
    package mutating func append(_ task: WireTask) {
        writer.append(
            4,
            message: { writer in
                writer.append(addingCapacity: Self.mostOctets) { output in
                    output.appendField(1, task.task)
                    output.appendField(2, UInt64(task.query))
                    output.appendField(3, UInt64(task.shard))
                    output.appendField(4, task.generation)
                    output.appendField(5, UInt64(task.k))
                    output.appendField(6, UInt64(task.budgetMs))
                    output.appendField(7, UInt64(task.kind.rawValue))
                    output.appendField(8, task.lenient ? 1 : 0)
                    if task.hasCountUpTo { output.appendField(9, present: task.countUpTo) }
                    if task.hasFloor { output.appendField(10, presentFloat: task.floor) }
                    output.appendField(11, task.sharesFloor ? 1 : 0)
                }
                if task.hasOptions {
                    writer.append(12, present: WireCodec.protobuf.encodeOwn(task.options))
                }
            })
    }

    /// What a task without options takes at most: eleven keys with numbers.
    private static let mostOctets = 11 * 11

    /// The frame of a `CallMeta`.
    ///
    /// - Parameter call: the encoded message without tasks.
    package func meta(after call: Frame) -> Frame { call + writer.frame }
}
