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
                writer.append(1, task.task)
                writer.append(2, UInt64(task.query))
                writer.append(3, UInt64(task.shard))
                writer.append(4, task.generation)
                writer.append(5, UInt64(task.k))
                writer.append(6, UInt64(task.budgetMs))
                writer.append(7, UInt64(task.kind.rawValue))
                writer.append(8, task.lenient ? 1 : 0)
                if task.hasCountUpTo { writer.append(9, present: task.countUpTo) }
                if task.hasFloor { writer.append(10, presentFloat: task.floor) }
                writer.append(11, task.sharesFloor ? 1 : 0)
                if task.hasOptions {
                    writer.append(12, present: WireCodec.protobuf.encodeOwn(task.options))
                }
            })
    }

    /// The frame of a `CallMeta`.
    ///
    /// - Parameter call: the encoded message without tasks.
    package func meta(after call: Frame) -> Frame { call + writer.frame }
}
