import SearchIndex
import WireMessages
import WireProtocol

extension WireMessage {
    /// The queries of a CALL or FETCH. One that is no query, too deep or too large fails alone.
    ///
    /// Terms and groups of them, which nearly all queries are, are read as they come; whatever else one
    /// is goes through the message (`QueryReaderTests`).
    ///
    /// - Throws: `WireError.malformedMessage` for a frame that is not `Queries`.
    func queries() throws(WireError) -> [Result<Query, ItemFailure>] {
        guard bodyCount > 0 else { return [] }
        let frame = try bodyFrame(0)
        if header.codec == .protobuf, let queries = Query.list(frame) { return queries }
        let queries: WireQueries = try body(0)
        return queries.queries.map { wire in
            Result { () throws(ItemFailure) in try Query(wire: wire) }
        }
    }
}

extension Query {
    /// The queries of a frame; nil if it has anything else.
    fileprivate static func list(_ frame: Frame) -> [Result<Query, ItemFailure>]? {
        var queries: [Result<Query, ItemFailure>] = []
        var reader = ProtobufReader(frame)
        var plain = PlainQueryReader()
        while !reader.isAtEnd {
            guard let message = reader.nextInList() else { return nil }
            let query = plain.query(message)
            queries.append(query.map { .success($0) } ?? read(Frame(message.rest)))
        }
        return queries
    }

    /// A query of any kind.
    private static func read(_ frame: Frame) -> Result<Query, ItemFailure> {
        let wire: WireQuery
        do {
            wire = try WireCodec.protobuf.decode(WireQuery.self, from: frame)
        } catch {
            return .failure(ItemFailure(.badRequest, "a query: \(error)"))
        }
        return Result { () throws(ItemFailure) in try Query(wire: wire) }
    }
}

/// Walks over the octets of terms and groups, whose fields come in their order.
struct PlainQueryReader {
    /// Of the present query.
    private var nodes = 0
    /// The names of the fields so far: most terms are of few.
    private var names: [(octets: ArraySlice<UInt8>, text: String)] = []

    /// A query; nil for one with anything else.
    mutating func query(_ reader: ProtobufReader) -> Query? {
        nodes = 0
        return query(reader, depth: 0)
    }

    private mutating func query(_ reader: ProtobufReader, depth: Int) -> Query? {
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
        guard Self.isText(octets) else { return nil }
        let text = String(decoding: octets, as: UTF8.self)
        if names.count < Self.maxNames { names.append((octets, text)) }
        return text
    }

    private static let maxNames = 16

    /// Whether octets are UTF-8.
    private static func isText(_ octets: ArraySlice<UInt8>) -> Bool {
        octets.isASCII || String(validating: octets, as: UTF8.self) != nil
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
