package import WireMessages

/// The meta of a CALL as a worker reads it.
///
/// The usual ones are read octet by octet; the general decoder reads all others. The statistics are left as
/// they came: they are the same in every CALL on an index until it changes.
package struct CallMeta {
    /// The name of the index that is searched.
    package private(set) var index = ""
    /// Which build of it.
    package private(set) var buildID = ""
    /// A `Statistics`, in protobuf.
    package private(set) var statistics: Frame = []
    /// In the order of the message.
    package private(set) var tasks: [WireTask] = []
}

extension WireMessage {
    /// The meta of a CALL.
    ///
    /// - Throws: `WireError.malformedMessage`.
    package func callMeta() throws(WireError) -> CallMeta {
        if header.codec == .protobuf, let frame = frames.first,
            let plain = CallMeta(plain: ProtobufReader(frame))
        {
            return plain
        }
        return CallMeta(try meta())
    }
}

extension CallMeta {
    /// What the message says.
    init(_ wire: WireCallMeta) {
        index = wire.index
        buildID = wire.buildID
        statistics = WireCodec.protobuf.encodeOwn(wire.statistics)
        tasks = wire.tasks
    }

    /// Nil for a message whose fields are not in order or whose names are not ASCII, which is for the general
    /// decoder; so is one whose statistics are none, when they are read.
    init?(plain reader: ProtobufReader) {
        var reader = reader
        var last: UInt8 = 0
        while let field = reader.nextField() {
            guard field > last || field == 4 && last == 4 else { return nil }
            last = field
            if field == 4 {
                guard let task = reader.message().flatMap(WireTask.init(plain:)) else { return nil }
                tasks.append(task)
                continue
            }
            guard let octets = reader.octets() else { return nil }
            switch field {
            case 1, 2:
                guard let text = String(ascii: octets) else { return nil }
                if field == 1 { index = text } else { buildID = text }
            case 3: statistics = Frame(octets)
            default: return nil
            }
        }
        guard reader.isAtEnd else { return nil }
    }
}

extension WireTask {
    /// Nil for a task with anything that this program does not know.
    fileprivate init?(plain reader: ProtobufReader) {
        self.init()
        var reader = reader
        while let field = reader.nextField() {
            if field == 10 {
                guard let value = reader.float() else { return nil }
                floor = value
            } else if field == 12 {
                guard let octets = reader.octets(), !hasOptions,
                    let read = try? WireCodec.protobuf.decode(
                        WireTaskOptions.self, from: Frame(octets))
                else { return nil }
                options = read
            } else {
                guard let number = reader.number(), set(field, to: number) else { return nil }
            }
        }
        guard reader.isAtEnd else { return nil }
    }

    /// - Returns: False for a field or a number that there is not.
    private mutating func set(_ field: UInt8, to number: UInt64) -> Bool {
        switch field {
        case 1: task = number
        case 4: generation = number
        case 8: lenient = number != 0
        case 9: countUpTo = number
        case 11: sharesFloor = number != 0
        default:
            guard let small = UInt32(exactly: number) else { return false }
            switch field {
            case 2: query = small
            case 3: shard = small
            case 5: k = small
            case 6: budgetMs = small
            case 7:
                guard let kind = WireTaskKind(rawValue: Int(small)), small <= 2 else {
                    return false
                }
                self.kind = kind
            default: return false
            }
        }
        return true
    }
}
