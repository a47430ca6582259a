import Foundation
import TestSupport
import Testing

@testable import SearchIndex

struct BuildBudgetTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    /// Words of several lengths, some with the same first sixteen bytes and more.
    private static let words =
        (0..<60).map { "w\($0)" } + ["commonbeginning", "commonbeginnings", "commonbeginningsx"]
        + (0..<20).map { "commonbeginningsof\($0)" }

    /// Documents of several fields with repeated ids, blank and bad lines.
    private static func lines(_ count: Int) -> [String] {
        var random = SeededRandom.forTest("build budget")
        return (0..<count).map { number in
            if number % 37 == 5 { return "" }
            if number % 41 == 7 { return "{\"id\":" }
            let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                // Many words are in a single run.
                let own = Int.random(in: 0..<9, using: &random) == 0 ? "\(number)" : ""
                return (words.randomElement(using: &random) ?? "") + own
            }.joined(separator: " ")
            let id = Int.random(in: 0..<count, using: &random)
            let idMember = number % 5 == 0 ? "" : #""id":"d\#(id)","#
            return #"{\#(idMember)"body":"\#(text)","f\#(number % 7)":"x \#(number % 3)"}"#
        }
    }

    @Test(arguments: [1, 2])
    func `an index has the same bytes whatever the threads, blocks and memory`(shards: Int) throws {
        let lines = Self.lines(900)
        let plain = try folder.build(blocksOf: lines, named: "plain", shards: shards)
        let expected = try folder.files(plain.directory)
        let expectedBad = lines.indices.filter { $0 % 41 == 7 && $0 % 37 != 5 }.map { $0 + 1 }
        #expect(plain.bad.map(\.line) == expectedBad)
        for (number, (threads, memory, linesPerBlock)) in [
            (2, 1 << 30, 20), (3, 1 << 30, 7), (7, 1 << 30, 3), (1, 1024, 20), (1, 200_000, 50),
            (2, 1024, 11),
        ].enumerated() {
            let other = try folder.build(
                blocksOf: lines, named: "other\(number)", threads: threads, memory: memory,
                shards: shards, linesPerBlock: linesPerBlock)
            #expect(try folder.files(other.directory) == expected, "\(threads) \(memory)")
            #expect(other.bad == plain.bad)
        }
        #expect(IndexVerifier.verify(directory: plain.directory) == [])
    }

    @Test
    func `a strict build on several threads stops at the first bad line`() throws {
        let lines = (0..<400).map { $0 == 123 || $0 == 124 || $0 == 300 ? "{" : "{\"b\":\"x\"}" }
        for threads in [1, 2] {
            let error = #expect(throws: IndexError.self) {
                try folder.build(
                    blocksOf: lines, named: "index", threads: threads, linesPerBlock: 9,
                    isStrict: true)
            }
            #expect(error?.description.contains("input:124: byte 1") == true)
            #expect(folder.names == [])
        }
    }

    @Test
    func `merging segments gives the bytes of a build with one segment`() throws {
        let lines = Self.lines(500)
        let one = try folder.build(blocksOf: lines, named: "one").directory
        let many = try folder.build(blocksOf: lines, named: "many", perSegment: 33).directory
        #expect(try ShardReader(directory: many, number: ShardNumber(0)).segments.count > 3)
        #expect(IndexVerifier.verify(directory: many) == [])
        #expect(try IndexMerger(directory: many, threads: 2).merge())
        #expect(try IndexMerger(directory: many).merge() == false)
        #expect(IndexVerifier.verify(directory: many) == [])
        for number in 0..<2 as Range<UInt32> {
            let shard = try ShardReader(directory: many, number: ShardNumber(number))
            let expected = try ShardReader(directory: one, number: ShardNumber(number))
            #expect(shard.generation == Generation(2))
            #expect(
                try folder.read(shard.segments[0].path)
                    == folder.read(expected.segments[0].path))
        }
        #expect(try folder.read("\(many)/index.json") == folder.read("\(one)/index.json"))
    }

    @Test
    func `deleted documents are gone after a merge as if they had never been`() throws {
        let all = (0..<120).map { #"{"id":"\#($0)","body":"all w\#($0 % 9)"}"# }
        let kept = all.enumerated().map { $0.offset % 3 == 0 ? "" : $0.element }
        let edited = try folder.build(blocksOf: all, named: "edited", perSegment: 25).directory
        let fresh = try folder.build(blocksOf: kept, named: "fresh").directory
        let ids = (0..<120).filter { $0 % 3 == 0 }.map { Array(String($0).utf8) }
        for number in 0..<2 as Range<UInt32> {
            var editor = try ShardEditor(directory: edited, number: ShardNumber(number))
            let before = try ShardReader(directory: edited, number: ShardNumber(number))
            let count = try editor.delete(ids: ids)
            let after = try ShardReader(directory: edited, number: ShardNumber(number))
            #expect(after.generation == Generation(2))
            #expect(before.liveDocuments - after.liveDocuments == UInt64(count))
            #expect(after.documents == before.documents)
            for segment in after.segments {
                for document in 0..<UInt32(segment.documentCount) {
                    let id = try segment.id(of: DocumentNumber(document))
                    let isDeleted = segment.deleted?.isDeleted(DocumentNumber(document)) ?? false
                    #expect(isDeleted == ids.contains(id))
                }
            }
            #expect(try editor.delete(ids: ids) == 0)
        }
        #expect(IndexVerifier.verify(directory: edited) == [])
        // What a killed merge leaves is no part of the index, and is removed by the next.
        try folder.write([1, 2, 3], to: "\(edited)/shards/0000/segment-99.seg")
        _ = try EmbeddedIndex(directory: edited)
        #expect(try IndexMerger(directory: edited).merge())
        #expect(IndexVerifier.verify(directory: edited) == [])
        try folder.expectEqualSegments(edited, fresh, shards: 2)
    }

    @Test
    func `every change and truncation of a delete bitmap is an error that names the file`() throws {
        let lines = (0..<70).map { #"{"id":"\#($0)","body":"x"}"# }
        let directory = try folder.build(blocksOf: lines, named: "index", shards: 1).directory
        var editor = try ShardEditor(directory: directory, number: ShardNumber(0))
        #expect(try editor.delete(ids: [Array("3".utf8), Array("69".utf8)]) == 2)
        let file = "\(directory)/shards/0000/deletes-2-1.del"
        let sound = try folder.read(file)
        for place in sound.indices {
            for damaged in [Array(sound[..<place]), Self.flipped(sound, place)] {
                try folder.write(damaged, to: file)
                #expect(
                    IndexVerifier.verify(directory: directory).contains {
                        $0.file == file && $0.section == "delete bitmap"
                    }, "byte \(place)")
                #expect(throws: IndexError.self) { try EmbeddedIndex(directory: directory) }
            }
        }
        try folder.write(sound, to: file)
        #expect(IndexVerifier.verify(directory: directory) == [])
    }

    private static func flipped(_ bytes: [UInt8], _ place: Int) -> [UInt8] {
        var bytes = bytes
        bytes[place] ^= 0x10
        return bytes
    }
}
