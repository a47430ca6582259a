import TestSupport
import Testing

@testable import SearchIndex

/// Indexes whose schema says that no documents are stored.
struct SourcelessIndexTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func schema(storesSource: Bool = false) throws -> Schema {
        try Schema(
            fields: [.text("body"), Field(name: "n", kind: .integer, isStored: false)],
            storesSource: storesSource)
    }

    private static let lines = (0..<200).map {
        #"{"id":"d\#($0)","body":"word w\#($0 % 7)","n":\#($0)}"#
    }

    private func build(
        _ name: String, memory: Int = 1 << 30, perSegment: Int = 1 << 30
    ) throws -> String {
        try folder.build(
            blocksOf: Self.lines, named: name, memory: memory, perSegment: perSegment,
            schema: try schema()
        ).directory
    }

    @Test
    func `it answers like one that stores them, and gives ids only`() throws {
        let stored = try EmbeddedIndex(
            directory: try folder.build(
                blocksOf: Self.lines, named: "stored", schema: try schema(storesSource: true)
            ).directory)
        let directory = try build("index")
        let index = try EmbeddedIndex(directory: directory)
        #expect(index.description.schema == (try schema()))
        #expect(IndexVerifier.verify(directory: directory) == [])
        let kinds = index.shards[0].shard.segments[0].sectionSizes.map(\.kind)
        #expect(!kinds.contains { $0.hasPrefix("store") }, "\(kinds)")
        let query = try index.parse("w3 word")
        let answer = try index.search(query, limit: 50)
        #expect(answer == (try stored.search(query, limit: 50)))
        let hit = try #require(answer.hits.first)
        #expect(try index.document(of: hit) == Array(#"{"id":"d3"}"#.utf8))
    }

    @Test
    func `spilling and merging keep it so`() throws {
        let expected = try folder.files(try build("index"))
        #expect(try folder.files(try build("spilled", memory: 1024)) == expected)
        let many = try build("many", perSegment: 30)
        #expect(try IndexMerger(directory: many).merge())
        #expect(IndexVerifier.verify(directory: many) == [])
        #expect(try EmbeddedIndex(directory: many).shards[0].shard.segments[0].store == nil)
    }

    @Test
    func `what needs a stored document says that there is none`() throws {
        let index = try EmbeddedIndex(directory: try build("index"))
        let hit = try #require(try index.search(try index.parse("w1"), limit: 1).hits.first)
        #expect(throws: SearchError.noText(field: "body")) {
            try index.snippets(of: hit, query: .matchAll(boost: 1), fields: ["body"])
        }
        let like = Query.moreLikeThis(MoreLikeThisQuery(like: .document(id: Array(hit.hit.id))))
        let error = #expect(throws: SearchError.self) { try index.search(like, limit: 1) }
        #expect(error?.description.contains("store_source") == true)
    }

    @Test
    func `a segment with or without a store against its schema is reported`() throws {
        let directory = try build("index")
        let stored = try folder.build(
            blocksOf: Self.lines, named: "stored", schema: try schema(storesSource: true)
        ).directory
        try folder.write(
            try folder.read("\(stored)/index.json"), to: "\(directory)/index.json")
        #expect(IndexVerifier.verify(directory: directory).contains { $0.section == "store" })
    }
}
