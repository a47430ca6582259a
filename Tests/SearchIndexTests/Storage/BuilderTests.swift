import Foundation
import TestSupport
import Testing

@testable import SearchIndex

struct BuilderTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func ids(_ directory: String) throws -> [String] {
        let index = try IndexDescription(directory: directory)
        var ids: [(OrderKey, String)] = []
        for number in 0..<index.shardCount {
            let shard = try ShardReader(
                directory: directory, number: ShardNumber(UInt32(number)), of: index)
            for segment in shard.segments {
                for document in 0..<UInt32(segment.documentCount) {
                    let id = try segment.id(of: DocumentNumber(document))
                    ids.append(
                        (
                            try segment.orderKey(of: DocumentNumber(document)),
                            String(decoding: id, as: UTF8.self)
                        ))
                }
            }
        }
        return ids.sorted { $0.0 < $1.0 }.map(\.1)
    }

    @Test
    func `bad lines are named with number, place and reason, and skipped`() throws {
        let lines: [[UInt8]] = [
            Array(#"{"id":"a","body":"x"}"#.utf8),
            Array(#"{"id":"b","body":"x""#.utf8),
            Array(#"{"body":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8),
            Array("[1]".utf8),
            Array(#"{"id":1.5}"#.utf8),
            Array(#"{"id":null}"#.utf8),
            Array(#"{"id":["a"]}"#.utf8),
            Array(#"{"id":""}"#.utf8),
            Array(#"{"id":"c","id":"d"}"#.utf8),
            Array(#"{"id":"e"} {}"#.utf8),
            Array(("{\"body\":\"" + String(repeating: "y", count: 100) + "\"}").utf8),
            Array("  \r".utf8),
            Array(#"{"id":7,"body":"x"}"#.utf8) + [0x0D],
        ]
        let (directory, bad) = try folder.build(lines, maximumDocumentBytes: 90)
        #expect(bad.map(\.line) == [2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
        #expect(bad.allSatisfy { $0.file == "input" })
        #expect(bad[0].byteOffset == lines[1].count)
        #expect(bad[1].byteOffset == 9)
        #expect(bad[2].reason == .notAnObject(.array))
        #expect(bad[3].reason == .wrongIDType(.number))
        #expect(bad[3].byteOffset == 6)
        #expect(bad[4].reason == .wrongIDType(.null))
        #expect(bad[5].reason == .wrongIDType(.array))
        #expect(bad[6].reason == .wrongIDLength(bytes: 0))
        #expect(bad[7].reason == .repeatedID)
        #expect(bad[9].reason == .tooLong(limitBytes: 90))
        #expect(try ids(directory) == ["a", "7"])
        #expect(IndexVerifier.verify(directory: directory) == [])
    }

    @Test
    func `a bad line ends a strict build and nothing is left`() throws {
        let error = #expect(throws: IndexError.self) {
            try folder.build([Array(#"{"id":"a"}"#.utf8), Array("{".utf8)], isStrict: true)
        }
        #expect(error?.kind == .badInput)
        #expect(error?.description.contains("input:2: byte 1") == true)
        #expect(folder.names == [])
    }

    @Test
    func `unknown fields are kept, or refused when the schema says so`() throws {
        let line = #"{"id":"a","body":"x","other":"y"}"#
        let kept = try folder.build(
            [line], named: "kept", schema: try Schema(fields: [.text("body")]))
        let shard = try ShardReader(directory: kept, number: ShardNumber(0))
        #expect(try shard.document(OrderKey(0)) == Array(line.utf8))
        #expect(shard.segments[0].fields.map(\.name) == ["body"])
        let strict = try Schema(fields: [.text("body")], unknownFields: .reject)
        let (_, bad) = try folder.build(
            [Array(line.utf8), Array(#"{"body":"x"}"#.utf8)], named: "rejected", schema: strict)
        #expect(bad.map(\.reason) == [.unknownField("other")])
    }

    @Test
    func `fields that are not stored are left out of the document, not of the index`() throws {
        let schema = try Schema(fields: [
            Field(name: "body", kind: .text, isStored: false), .text("title"),
            Field(name: "note", kind: .text, isIndexed: false),
        ])
        let directory = try folder.build(
            [#"{"id": "a", "body":"x", "title":"y", "n": [1, 2], "note":"z"}"#],
            schema: schema)
        let shard = try ShardReader(directory: directory, number: ShardNumber(0))
        let stored = try #require(try shard.document(OrderKey(0)))
        #expect(
            String(decoding: stored, as: UTF8.self)
                == #"{"id":"a","title":"y","n":[1, 2],"note":"z"}"#)
        #expect(try shard.segments[0].field(named: "body")?.lookup([0x78]) != nil)
        #expect(shard.segments[0].field(named: "note") == nil)
        #expect(IndexVerifier.verify(directory: directory) == [])
    }

    @Test
    func `of repeated ids the last counts as if the earlier lines were absent`() throws {
        let schema = try Schema(fields: [.text("body"), .keyword("tag")])
        let first = try folder.build(
            [
                #"{"id":"a","body":"old words only here","tag":"gone"}"#,
                #"{"id":5,"body":"five"}"#, #"{"id":"b","body":"stays"}"#,
                #"{"id":"a","body":"new words"}"#, #"{"id":"5","body":"five five"}"#,
            ], named: "first", shards: 2, schema: schema)
        #expect(try ids(first) == ["b", "a", "5"])
        let statistics = try IndexDescription(directory: first).statistics
        #expect(statistics.documents == 3)
        #expect(statistics.field(named: "body")?.tokens == 5)
        #expect(statistics.field(named: "tag")?.tokens == 0)
        let index = try EmbeddedIndex(directory: first)
        #expect(try index.search(try index.parse("old"), limit: 5).totalHits == 0)
        #expect(try index.search(try index.parse("five"), limit: 5).totalHits == 1)
        #expect(IndexVerifier.verify(directory: first) == [])
    }

    @Test
    func `an inferred schema has the fields with strings in documents that count`() throws {
        let directory = try folder.build(
            [
                #"{"id":"a","gone":"x"}"#, #"{"n":1,"z":"x","list":[1,"y"],"o":{"in":"x"}}"#,
                #"{"id":"a","b":"x"}"#,
            ])
        let schema = try IndexDescription(directory: directory).schema
        #expect(schema.fields == [.text("z"), .text("list"), .text("b")])
        #expect(try ids(directory) == ["_1", "a"])
    }

    @Test
    func `values of one field stand a gap apart`() throws {
        let schema = try Schema(fields: [.text("body")])
        let directory = try folder.build(
            [#"{"body":["one two","three"],"x":1,"body":"four"}"#], schema: schema)
        let shard = try ShardReader(directory: directory, number: ShardNumber(0))
        let field = try #require(shard.segments[0].field(named: "body"))
        for (term, position) in [("one", 0), ("two", 1), ("three", 102), ("four", 203)] {
            let entry = try #require(try field.lookup(Array(term.utf8)))
            var cursor = try field.postings(entry)
            #expect(try cursor.nextBlock())
            var positions: [UInt32] = []
            try cursor.appendPositions(ofPosting: 0, to: &positions)
            #expect(positions == [UInt32(position)], "\(term)")
        }
    }

    @Test
    func `keywords are whole values with frequency and length 1`() throws {
        let schema = try Schema(fields: [.keyword("tag")])
        let directory = try folder.build(
            [#"{"tag":["a b","c","a b"]}"#, #"{"x":1}"#], schema: schema)
        let shard = try ShardReader(directory: directory, number: ShardNumber(0))
        let field = try #require(shard.segments[0].field(named: "tag"))
        let entry = try #require(try field.lookup(Array("a b".utf8)))
        var cursor = try field.postings(entry)
        #expect(try cursor.nextBlock())
        #expect(cursor.frequencies[0] == 1)
        #expect(!field.hasPositions)
        #expect(field.tokenCount == 1)
        #expect(field.withLengthCodes { [$0[0], $0[1]] } == [1, 0])
        #expect(IndexVerifier.verify(directory: directory) == [])
    }

    @Test
    func `every shard knows the global document frequency`() throws {
        let lines = (0..<50).map { #"{"id":\#($0),"body":"common w\#($0)"}"# }
        let directory = try folder.build(lines, shards: 3)
        var local: UInt32 = 0
        for number in 0..<3 as Range<UInt32> {
            let shard = try ShardReader(directory: directory, number: ShardNumber(number))
            let field = try #require(shard.segments.first?.field(named: "body"))
            let entry = try #require(try field.lookup(Array("common".utf8)))
            #expect(entry.globalDocumentFrequency == 50)
            local += entry.documentFrequency
        }
        #expect(local == 50)
        #expect(IndexVerifier.verify(directory: directory) == [])
    }

    @Test
    func `stored documents of all sizes come back byte by byte`() throws {
        var random = SeededRandom.forTest("store")
        var lines: [[UInt8]] = []
        for number in 0..<300 {
            let length = number % 50 == 0 ? 100_000 : Int.random(in: 0...3_000, using: &random)
            let text = String(
                (0..<length).map { _ in "abcdefghij klm".randomElement(using: &random) ?? " " })
            lines.append(Array(#"{"id":"\#(number)","body":"\#(text)","x":[1, {}]}"#.utf8))
        }
        let (directory, bad) = try folder.build(lines, shards: 2)
        #expect(bad == [])
        let shards = try (0..<2 as Range<UInt32>).map {
            try ShardReader(directory: directory, number: ShardNumber($0))
        }
        for (number, line) in lines.enumerated() {
            let key = OrderKey(UInt64(number))
            let home = ShardNumber.shard(ofID: Array(String(number).utf8), shardCount: 2)
            #expect(try shards[Int(home.rawValue)].document(key) == line)
            #expect(try shards[1 - Int(home.rawValue)].document(key) == nil)
        }
        #expect(IndexVerifier.verify(directory: directory) == [])
    }

    @Test
    func `an input without documents is refused and nothing is left`() throws {
        for lines in [[], ["", " "], ["{"]] as [[String]] {
            let error = #expect(throws: IndexError.self) { try folder.build(lines) }
            #expect(error?.kind == .badInput)
        }
        #expect(throws: IndexError.self) { try folder.build([#"{"n":1}"#]) }
        #expect(folder.names == [])
    }

    @Test
    func `an output that exists is refused and left alone`() throws {
        let directory = try folder.build([#"{"a":"x"}"#])
        let before = try folder.read(directory + "/index.json")
        for path in ["index", "index/"] {
            let error = #expect(throws: IndexError.self) {
                try folder.build([#"{"a":"y"}"#], named: path)
            }
            #expect(error?.kind == .alreadyExists)
        }
        #expect(try folder.read(directory + "/index.json") == before)
        #expect(folder.names == ["index"])
    }

    @Test
    func `a missing parent is named`() throws {
        let error = #expect(throws: IndexError.self) {
            try folder.build([#"{"a":"x"}"#], named: "no/index")
        }
        #expect(error?.kind == .missing)
    }

    @Test
    func `an abandoned build leaves nothing`() throws {
        do {
            let builder = try IndexBuilder(
                output: folder.path + "/index", options: IndexBuildOptions(shardCount: 1))
            try builder.add(line: Array(#"{"a":"x"}"#.utf8).span, file: "input", number: 1)
            #expect(folder.names.count == 1)
        }
        #expect(folder.names == [])
    }

    @Test
    func `a full device gives an error of its own kind`() throws {
        let error = #expect(throws: IndexError.self) {
            var file = try FileWriter(path: "/dev/full", mustCreate: false)
            try file.write([UInt8](repeating: 1, count: 10))
            try file.finish()
        }
        #expect(error?.kind == .noSpace)
        #expect(error?.file == "/dev/full")
        #expect(error?.advice != nil)
        let large = #expect(throws: IndexError.self) {
            var writer = try SegmentWriter(
                file: try FileWriter(path: "/dev/full", mustCreate: false))
            try writer.write(.terms, [UInt8](repeating: 1, count: 1_000_000))
        }
        #expect(large?.kind == .noSpace)
    }

    @Test
    func `bad options are refused`() throws {
        for shards in [0, -1, 10_000] {
            let error = #expect(throws: IndexError.self) {
                try folder.build([Array(#"{"a":"x"}"#.utf8)], shards: shards)
            }
            #expect(error?.kind == .badInput)
        }
        #expect(folder.names == [])
    }
}
