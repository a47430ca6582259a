import TestSupport
import Testing

@testable import SearchIndex

struct ColumnTests {
    private func bits(_ text: String) -> Int64? { DateText.microseconds(of: Array(text.utf8).span) }

    @Test func `the unsigned form keeps the order of numbers`() {
        let numbers = [
            -Double.greatestFiniteMagnitude, -1.5, -Double.leastNonzeroMagnitude, 0, 0.5, 2, 1e300,
        ]
        #expect(numbers.map { ColumnBits.of($0) } == numbers.map { ColumnBits.of($0) }.sorted())
        #expect(numbers.map { ColumnBits.double(ColumnBits.of($0)) } == numbers)
        #expect(ColumnBits.of(-0.0) == ColumnBits.of(0.0))
        let integers: [Int64] = [.min, -1, 0, 1, .max]
        #expect(integers.map { ColumnBits.of($0) } == integers.map { ColumnBits.of($0) }.sorted())
        #expect(integers.map { ColumnBits.integer(ColumnBits.of($0)) } == integers)
    }

    @Test func `dates written as text read back as the same microseconds`() {
        var random = SeededRandom.forTest("dates")
        let year0 = -62_167_219_200_000_000
        let year9999 = 253_402_300_799_999_999
        for _ in 0..<2_000 {
            let value = Int64(Int.random(in: year0...year9999, using: &random))
            #expect(bits(DateText.text(microseconds: value)) == value)
        }
        #expect(DateText.text(microseconds: -1) == "1969-12-31T23:59:59.999999Z")
    }

    @Test func `packed integers of every width read back`() {
        var random = SeededRandom.forTest("packed integers")
        for width in 0...64 {
            let limit = width == 64 ? UInt64.max : 1 << UInt64(width) - 1
            let values = (0..<67).map { _ in UInt64.random(in: 0...limit, using: &random) }
            var bytes: [UInt8] = [9]
            PackedArray.append(values, width: width, to: &bytes)
            let array = PackedArray(byteOffset: 1, count: 67, width: width)
            #expect(PackedArray.byteCount(count: 67, width: width) == bytes.count - 1)
            #expect((0..<67).map { array.value($0, bytes.span) } == values, "width \(width)")
        }
    }

    @Test func `a column section has the bytes of the format`() {
        var collector = ColumnCollector(kind: .integer)
        for (document, value) in [(0, 10), (2, 40), (2, 20), (3, 99)] as [(UInt32, Int64)] {
            collector.append(ColumnBits.of(value), of: document)
        }
        // The last document was replaced.
        var columns = [ColumnCollector(kind: .integer)]
        collector.append(
            DocumentPlacement(numbers: [0, 1, 2, DocumentPlacement.dropped]), to: &columns)
        let sections = columns[0].encode(documentCount: 3)
        #expect(sections.dictionary == nil)
        let golden = [
            "02020100", "03000000", "02000000", "0300000000000000", "0a00000000000080",
            "0a00000000000000", "00000000", "0000000000000000", "0300000000000000",
            "0500000000000000", "34", "0000000000000000", "34", "0000000000000000",
        ]
        #expect(sections.column.bytes.map(Hexadecimal.text).joined() == golden.joined())
    }

    @Test func `documents of random columns give back their values and ranges`() throws {
        var random = SeededRandom.forTest("random columns")
        for round in 0..<12 {
            let folder = try ScratchFolder()
            let corpus = ColumnCorpus(documents: 1_300, round: round, &random)
            let segment = try corpus.segment(in: folder)
            for field in ["n", "d", "t", "b", "k"] {
                let column = try #require(segment.column(named: field))
                for document in 0..<UInt32(segment.documentCount) {
                    var found: [UInt64] = []
                    try column.appendValues(of: document, to: &found)
                    let values = try found.map { try column.fieldValue($0) }
                    let expected = corpus.values(field, Int(document))
                    #expect(values == expected, "\(field) of \(document)")
                    let least = try column.value(of: document).map { try column.fieldValue($0) }
                    #expect(least == expected.first)
                    let last = try column.value(of: document, greatest: true)
                    #expect(try last.map { try column.fieldValue($0) } == expected.last)
                }
                try corpus.checkQueries(field, segment, &random)
            }
            try corpus.checkQueries("u", segment, &random)
            #expect(IndexVerifier.verify(directory: "\(folder.path)/index") == [])
        }
    }

    @Test func `sorting by columns gives the order of the values, ties by order key`() throws {
        var random = SeededRandom.forTest("sorting")
        let folder = try ScratchFolder()
        let corpus = ColumnCorpus(documents: 400, round: 1, &random)
        let segment = try corpus.segment(in: folder)
        for keys in [
            [SortKey(field: "k"), SortKey(field: "n", isAscending: false, missing: .first)],
            [SortKey(field: "b", isAscending: false), SortKey(field: "d", missing: .first)],
            [SortKey(field: "t", isAscending: false)], [],
        ] {
            let sorter = ColumnSorter(keys, in: segment)
            let tuples = try (0..<400).map { try sorter.tuple(of: DocumentNumber($0)) }
            for tuple in tuples {
                let document = Int(tuple.orderKey.rawValue)
                let expected = keys.map { key in
                    let values = corpus.values(key.field, document)
                    return key.isAscending ? values.first : values.last
                }
                #expect(tuple.values == expected)
            }
            let sorted = tuples.sorted { $0.precedes($1, by: keys) }
            for (left, right) in zip(sorted, sorted.dropFirst()) {
                #expect(!right.precedes(left, by: keys))
                #expect(ColumnCorpus.isInOrder(left, right, keys))
            }
        }
    }
}
