/// Writes one protobuf message octet by octet (the encoding guide of proto3), for the few messages
/// that every item passes through; the general encoder walks a message several times.
///
/// Fields must be written in the order of their numbers, then the octets are those that the general
/// encoder makes of the same message. Fields without presence are left out when they are 0 or empty.
/// Numbers of fields are at most 15, so that each key takes one octet. Nothing here is generic: other
/// modules would run it without specialisation.
package struct ProtobufWriter {
    /// What has been written.
    package private(set) var frame: Frame = []

    /// An empty message; `capacity` octets are made room for.
    package init(capacity: Int) {
        frame.reserveCapacity(capacity)
    }

    /// What has been written since it was last taken.
    package mutating func take() -> Frame {
        defer { frame = [] }
        return frame
    }

    /// The most octets of a key and a number.
    private static let longestNumber = 11

    private mutating func append(key field: UInt8, _ type: ProtobufWireType, varint value: UInt64) {
        frame.append(addingCapacity: Self.longestNumber) { output in
            output.appendKey(field, type)
            output.append(varint: value)
        }
    }

    /// A number, unless it is 0.
    package mutating func append(_ field: UInt8, _ value: UInt64) {
        if value != 0 { append(field, present: value) }
    }

    /// A number that is there also when it is 0.
    package mutating func append(_ field: UInt8, present value: UInt64) {
        append(key: field, .varint, varint: value)
    }

    /// A float that is there also when it is 0.
    package mutating func append(_ field: UInt8, presentFloat value: Float) {
        frame.append(addingCapacity: 5) { output in
            output.appendField(field, presentFloat: value)
        }
    }

    /// Octets or a message that is encoded already, unless it is empty.
    package mutating func append(_ field: UInt8, _ octets: Frame) {
        if !octets.isEmpty { append(field, present: octets) }
    }

    /// Text, unless it is empty.
    package mutating func append(_ field: UInt8, _ text: String) {
        if text.isEmpty { return }
        append(key: field, .lengthDelimited, varint: UInt64(text.utf8.count))
        frame.append(contentsOf: text.utf8)
    }

    /// Octets or an encoded message that are there also when they are empty.
    package mutating func append(_ field: UInt8, present octets: Frame) {
        append(key: field, .lengthDelimited, varint: UInt64(octets.count))
        frame.append(contentsOf: octets)
    }

    /// All fields of this message, encoded already.
    package mutating func append(fields octets: Frame) {
        frame.append(contentsOf: octets)
    }

    /// What `body` writes, for which there is room for so many octets: several fields at once.
    mutating func append(
        addingCapacity count: Int, _ body: (inout OutputSpan<UInt8>) -> Void
    ) {
        frame.append(addingCapacity: count, initializingWith: body)
    }

    /// Text that is no field: of a message in JSON.
    package mutating func append(text: String) {
        frame.append(contentsOf: text.utf8)
    }

    /// Begins a message whose fields take so many octets and are written next.
    package mutating func append(_ field: UInt8, messageOf byteCount: Int) {
        append(key: field, .lengthDelimited, varint: UInt64(byteCount))
    }

    /// A message whose fields `body` writes; there also when it writes none.
    ///
    /// Cheap for messages below 128 octets; the octets of a larger one are moved once.
    package mutating func append(_ field: UInt8, message body: (inout ProtobufWriter) -> Void) {
        append(key: field, .lengthDelimited, varint: 0)
        let place = frame.count - 1
        body(&self)
        let count = frame.count - place - 1
        guard count > 0x7f else {
            frame[place] = UInt8(count)
            return
        }
        var length: Frame = []
        length.append(addingCapacity: Self.longestNumber) { output in
            output.append(varint: UInt64(count))
        }
        frame.replaceSubrange(place..<place + 1, with: length)
    }
}

/// How the content of a field is written: the lowest three bits of its key.
enum ProtobufWireType: UInt8 {
    case varint = 0
    case lengthDelimited = 2
    case fixed32 = 5
}
