import TestSupport
import Testing

@testable import SearchIndex

struct ColumnBuildTests {
    private let folder: ScratchFolder
    private let corpus: ColumnCorpus

    init() throws {
        folder = try ScratchFolder()
        var random = SeededRandom.forTest("column builds")
        corpus = ColumnCorpus(documents: 700, round: 1, &random)
    }

    /// The documents with some replaced by later ones, so that placing leaves out a part.
    private var lines: [String] {
        corpus.lines + corpus.lines[100..<180].map { $0.replacing("\"w", with: "\"v") }
    }

    @Test func `typed fields have the same bytes whatever the threads and memory`() throws {
        let schema = try ColumnCorpus.schema()
        let plain = try folder.build(blocksOf: lines, named: "plain", schema: schema).directory
        let expected = try folder.files(plain)
        for (number, (threads, memory)) in [(2, 1 << 30), (1, 1024), (2, 300_000)].enumerated() {
            let other = try folder.build(
                blocksOf: lines, named: "other\(number)", threads: threads, memory: memory,
                schema: schema)
            #expect(try folder.files(other.directory) == expected, "\(threads) \(memory)")
        }
        #expect(IndexVerifier.verify(directory: plain) == [])
    }

    @Test func `typed fields of merged segments have the bytes of one segment`() throws {
        let schema = try ColumnCorpus.schema()
        let one = try folder.build(blocksOf: lines, named: "one", schema: schema).directory
        let many = try folder.build(
            blocksOf: lines, named: "many", perSegment: 90, schema: schema
        ).directory
        #expect(IndexVerifier.verify(directory: many) == [])
        #expect(try IndexMerger(directory: many, threads: 2).merge())
        #expect(IndexVerifier.verify(directory: many) == [])
        try folder.expectEqualSegments(many, one, shards: 2)
    }

    @Test func `values, ranges and sort keys outlive deletes and a merge`() throws {
        let directory = try folder.build(
            blocksOf: corpus.lines, named: "index", perSegment: 90, shards: 1,
            schema: ColumnCorpus.schema()
        ).directory
        var editor = try ShardEditor(directory: directory, number: ShardNumber(0))
        let ids = stride(from: 3, to: 700, by: 5).map { Array("\($0)".utf8) }
        #expect(try editor.delete(ids: ids) == ids.count)
        #expect(try IndexMerger(directory: directory).merge())
        let shard = try ShardReader(directory: directory, number: ShardNumber(0))
        let segment = try #require(shard.segments.first)
        let kept = (0..<700).filter { $0 % 5 != 3 }
        #expect(segment.documentCount == kept.count)
        for field in ["n", "d", "t", "b", "k", "c", "p"] {
            let column = try #require(segment.column(named: field))
            let sorter = ColumnSorter([SortKey(field: field)], in: segment)
            for (number, document) in kept.enumerated() {
                var found: [UInt64] = []
                try column.appendValues(of: UInt32(number), to: &found)
                let expected = corpus.values(field, document)
                #expect(try found.map { try column.fieldValue($0) } == expected)
                let tuple = try sorter.tuple(of: DocumentNumber(UInt32(number)))
                #expect(tuple.values == [expected.first])
            }
        }
        var meter = WorkMeter(control: .none)
        let lower = RangeBound(value: .integer(0), isInclusive: true)
        let range = RangeQuery(field: "n", lower: lower, upper: nil)
        var found: [Int] = []
        try range.documents(in: segment, meter: &meter).forEach { found.append(kept[Int($0)]) }
        #expect(
            found
                == kept.filter { document in
                    corpus.values("n", document).contains {
                        FieldValue.compare($0, .integer(0)) >= 0
                    }
                })
    }
}
