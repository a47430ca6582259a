import SearchIndex
import TestSupport
import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

/// Queries read from their octets, without a message between; the message is the oracle.
struct QueryReaderTests {
    /// A tree of terms and groups; with `others`, sometimes with a node of another kind.
    private static func tree(
        _ random: inout SeededRandom, depth: Int = 0, others: Bool
    ) -> Query {
        let kind = Int.random(in: 0..<20, using: &random)
        if kind == 0, others { return .matchAll(boost: 2) }
        guard kind < 10, depth < 4 else {
            let words = ["", "a", "Wort", "語", String(repeating: "x", count: 150)]
            return .term(
                TermQuery(
                    field: words.randomElement(using: &random) ?? "",
                    term: Array((words.randomElement(using: &random) ?? "").utf8),
                    boost: [0, 1, 2.5].randomElement(using: &random) ?? 1))
        }
        var lists: [[Query]] = []
        for _ in 0..<4 {
            lists.append(
                (0..<Int.random(in: 0...2, using: &random)).map { _ in
                    tree(&random, depth: depth + 1, others: others)
                })
        }
        return .boolean(
            BooleanQuery(
                must: lists[0], should: lists[1], mustNot: lists[2], filter: lists[3],
                minimumShouldMatch: Int.random(in: 0...300, using: &random)))
    }

    /// A query of terms and groups, read without the message; nil for any other.
    private static func plain(_ frame: Frame) -> Query? {
        var reader = PlainQueryReader()
        return reader.query(ProtobufReader(frame))
    }

    @Test func `terms and groups are read as they were`() {
        var random = SeededRandom.forTest("query reader")
        for _ in 0..<200 {
            let query = Self.tree(&random, others: false)
            #expect(Self.plain(query.encoded) == query)
        }
    }

    @Test func `a frame means the same with a message between`() throws {
        var random = SeededRandom.forTest("query frames")
        for _ in 0..<200 {
            let query = Self.tree(&random, others: true)
            try Self.expectReadBack(query)
        }
    }

    @Test func `whatever is done to the octets, what is read is what the message says`() throws {
        var random = SeededRandom.forTest("damaged query frames")
        var read = 0
        for _ in 0..<60 {
            let frame = Self.tree(&random, depth: 3, others: true).encoded
            guard frame.count < 100 else { continue }
            for damaged in Self.damaged(frame) {
                guard let query = Self.plain(damaged) else { continue }
                let wire = try WireCodec.protobuf.decode(WireQuery.self, from: damaged)
                #expect(try Query(wire: wire) == query, "\(damaged)")
                read += 1
            }
        }
        #expect(read > 0)
    }

    /// Cut off at every length; every bit turned.
    private static func damaged(_ frame: Frame) -> [Frame] {
        frame.indices.flatMap { place -> [Frame] in
            [Frame(frame[..<place])]
                + (0..<8).map { bit in
                    var other = frame
                    other[place] ^= 1 << bit
                    return other
                }
        }
    }

    @Test func `nesting is bounded`() {
        func nested(_ levels: Int) -> Frame {
            (1..<levels).reduce(Query.term(TermQuery(field: "f", term: [0x61]))) { query, _ in
                .boolean(BooleanQuery(must: [query]))
            }.encoded
        }
        let deepest = nested(Query.maxWireDepth)
        #expect(Self.plain(deepest) != nil)
        #expect(throws: Never.self) {
            let wire = try WireCodec.protobuf.decode(WireQuery.self, from: deepest)
            #expect(try Query(wire: wire) == Self.plain(deepest))
        }
        #expect(Self.plain(nested(Query.maxWireDepth + 1)) == nil)
    }

    @Test(arguments: ["a", "\"a b\""])
    func `the deepest text that is parsed reaches the workers`(leaf: String) throws {
        let schema = try Schema(fields: [.text("f")])
        let levels = QueryLimits().maximumDepth
        var text = leaf
        for level in 0..<levels {
            text = level.isMultiple(of: 2) ? "(b AND \(text) c)" : "(c \(text) AND d)"
        }
        let query = try QueryParser(schema: schema).parse(text)
        try Self.expectReadBack(query)
    }

    @Test func `text that is not UTF-8 is refused, and nothing beside it`() throws {
        let good = Query.term(TermQuery(field: "f", term: [0x61]))
        var frame = good.encoded
        frame[frame.count - 6] = 0xFF
        let read = try Self.call(protobuf: [good.encoded, frame, good.encoded]).queries()
        #expect(read.map { try? $0.get() } == [good, nil, good])
    }

    @Test func `a frame with something else than queries is read as the message says`() throws {
        let good = Query.term(TermQuery(field: "f", term: [0x61]))
        var call = Self.call(protobuf: [good.encoded])
        // An unknown field; a key that is none.
        call.frames[1] += [0x10, 1]
        #expect(try call.queries().map { try $0.get() } == [good])
        call.frames[1] += [0x07]
        #expect(throws: WireError.self) { try call.queries() }
        // A key without its field.
        for key: UInt8 in [0x0A, 0x07, 0x12, 0x14] {
            var cut = Self.call(protobuf: [good.encoded])
            cut.frames[1].append(key)
            #expect(throws: WireError.self) { try cut.queries() }
        }
        #expect(try WireMessage(Header(.fetch), frames: [[]]).queries().isEmpty)
    }

    /// A CALL with queries that are encoded already.
    private static func call(protobuf queries: [Frame]) -> WireMessage {
        var writer = ProtobufWriter(capacity: 0)
        for query in queries { writer.append(1, present: query) }
        return WireMessage(Header(.call), frames: [[], writer.frame])
    }

    /// A CALL has the query in both encodings.
    private static func expectReadBack(_ query: Query) throws {
        var queries = WireQueries()
        queries.queries = [query.wire]
        let json = WireMessage(
            Header(.call, flags: .json), frames: [[], WireCodec.json.encodeOwn(queries)])
        for call in [call(protobuf: [query.encoded]), json] {
            #expect(try call.queries().map { try $0.get() } == [query])
        }
    }
}
