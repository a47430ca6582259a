package import SearchIndex
import WireMessages
package import WireProtocol

extension Query {
    /// Reads a frame that a peer sent.
    ///
    /// Terms and groups of them, which nearly all queries are, are read as they come; whatever else it
    /// is goes through the message (`QueryReaderTests`).
    ///
    /// - Throws: `ItemFailure` for a tree that is empty, too deep or too large; `WireError` for a frame
    ///   that is no message.
    package init(frame: Frame, codec: WireCodec) throws {
        if codec == .protobuf, let query = Self.plain(frame) {
            self = query
        } else {
            try self.init(wire: try codec.decode(WireQuery.self, from: frame))
        }
    }

    /// A frame of terms and groups; nil for any other.
    static func plain(_ frame: Frame) -> Query? {
        var reader = PlainQueryReader()
        return reader.query(ProtobufReader(frame), depth: 0)
    }
}

/// One walk over the octets of terms and groups, whose fields come in their order.
private struct PlainQueryReader {
    private var nodes = 0
    /// The names of the fields so far: most terms are of few.
    private var names: [(octets: ArraySlice<UInt8>, text: String)] = []

    mutating func query(_ reader: ProtobufReader, depth: Int) -> Query? {
        nodes += 1
        guard depth < Query.maxWireDepth, nodes <= Query.maxWireLeaves else { return nil }
        var reader = reader
        let query: Query?
        switch reader.nextField() {
        case 1: query = reader.message().flatMap { term($0) }
        case 3: query = reader.message().flatMap { group($0, depth: depth) }
        default: query = nil
        }
        return reader.isAtEnd ? query : nil
    }

    private mutating func term(_ reader: ProtobufReader) -> Query? {
        var reader = reader
        var (name, term, boost) = ("", ArraySlice<UInt8>(), Float(1))
        var last: UInt8 = 0
        while let field = reader.nextField() {
            guard field > last else { return nil }
            last = field
            switch field {
            case 1:
                guard let read = reader.octets().flatMap({ fieldName($0) }) else { return nil }
                name = read
            case 2:
                guard let read = reader.octets(), Self.isText(read) else { return nil }
                term = read
            case 3:
                guard let read = reader.float(), read.isFinite, read >= 0 else { return nil }
                boost = read
            default: return nil
            }
        }
        guard reader.isAtEnd else { return nil }
        return .term(TermQuery(field: name, term: Array(term), boost: boost))
    }

    /// Nil for octets that are not UTF-8.
    private mutating func fieldName(_ octets: ArraySlice<UInt8>) -> String? {
        if let known = names.first(where: { $0.octets == octets }) { return known.text }
        guard let text = String(validating: octets, as: UTF8.self) else { return nil }
        if names.count < Self.maxNames { names.append((octets, text)) }
        return text
    }

    private static let maxNames = 8

    /// Whether octets are UTF-8.
    private static func isText(_ octets: ArraySlice<UInt8>) -> Bool {
        octets.allSatisfy { $0 < 0x80 } || String(validating: octets, as: UTF8.self) != nil
    }

    private mutating func group(_ reader: ProtobufReader, depth: Int) -> Query? {
        var reader = reader
        var members: [[Query]] = [[], [], [], []]
        var least: UInt32 = 0
        var last: UInt8 = 1
        while last < 5, let field = reader.nextField() {
            guard field >= last else { return nil }
            last = field
            if field <= 4 {
                guard let message = reader.message(),
                    let member = query(message, depth: depth + 1)
                else { return nil }
                members[Int(field) - 1].append(member)
            } else {
                guard field == 5, let number = reader.number().flatMap(UInt32.init(exactly:))
                else { return nil }
                least = number
            }
        }
        guard reader.isAtEnd else { return nil }
        return .boolean(
            BooleanQuery(
                must: members[0], should: members[1], mustNot: members[2], filter: members[3],
                minimumShouldMatch: Int(least)))
    }
}
