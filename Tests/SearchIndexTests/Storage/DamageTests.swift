import Foundation
import TestSupport
import Testing

@testable import SearchIndex

/// A tiny index, damaged in every way that one byte allows.
@Suite(.timeLimit(.minutes(10)))
struct DamageTests {
    private let folder: ScratchFolder
    private let directory: String
    private var segment: String { "\(directory)/shards/0000/segment-1.seg" }
    private var manifest: String { "\(directory)/shards/0000/manifest.json" }
    private var description: String { "\(directory)/index.json" }

    init() throws {
        folder = try ScratchFolder()
        let schema = try Schema(fields: [
            .text("body"), Field(name: "tag", kind: .keyword, isColumn: true),
            Field(name: "n", kind: .integer),
        ])
        // More than 128 documents with one term, so that full blocks are damaged too.
        let lines = (0..<140).map { number in
            #"{"id":"d\#(number)","body":"ape bee \#(number % 7) ape","tag":"t\#(number % 3)","n":\#(number % 9)}"#
        }
        directory = try folder.build(lines, shards: 1, schema: schema)
    }

    /// Uses everything that a reader offers; errors are fine, traps are not.
    private func exercise() {
        guard let index = try? EmbeddedIndex(directory: directory) else { return }
        for text in ["ape", "bee 3", "\"ape bee\"", "tag:t1", "+ape +bee -3", "zebra"] {
            guard let query = try? index.parse(text) else { continue }
            guard let answer = try? index.search(query, limit: 5) else { continue }
            for hit in answer.hits { _ = try? index.document(of: hit) }
        }
        for shard in index.shards {
            for segment in shard.shard.segments { exercise(segment) }
        }
    }

    private func exercise(_ segment: SegmentReader) {
        for number in 0..<UInt32(min(segment.documentCount, 300)) {
            _ = try? segment.id(of: DocumentNumber(number))
            _ = try? segment.orderKey(of: DocumentNumber(number))
        }
        for field in segment.fields {
            for term in ["ape", "bee", "3", "t2"] {
                guard let entry = try? field.lookup(Array(term.utf8)),
                    var cursor = try? field.postings(entry)
                else { continue }
                while (try? cursor.nextBlock()) == true {
                    _ = try? cursor.bounds(ofBlock: cursor.block)
                    var positions: [UInt32] = []
                    for index in 0..<cursor.count {
                        _ = try? cursor.appendPositions(ofPosting: index, to: &positions)
                    }
                }
            }
        }
    }

    @Test
    func `a sound index has no problems`() {
        #expect(IndexVerifier.verify(directory: directory) == [])
    }

    /// The name of the part of a sound segment that holds a byte.
    private func part(at place: Int, _ reader: SegmentReader) -> String {
        guard place >= SegmentFormat.headerBytes else { return "header" }
        let entry = reader.footer.sections.first {
            UInt64(place) >= $0.byteOffset && UInt64(place) < $0.byteOffset + $0.byteCount
        }
        guard let entry, let kind = SectionKind(rawValue: entry.kind) else { return "footer" }
        let field = reader.fields.first { $0.number.rawValue == entry.field }?.name
        let column = reader.columns.first { $0.number.rawValue == entry.field }?.name
        return kind.name(field: field ?? column)
    }

    @Test
    func `every changed byte of a segment is found and its section named`()
        throws
    {
        var random = SeededRandom.forTest("changed bytes")
        let sound = try folder.read(segment)
        let reader = try SegmentReader(path: segment)
        let parts = sound.indices.map { part(at: $0, reader) }
        for place in sound.indices {
            var damaged = sound
            damaged[place] ^= UInt8.random(in: 1...255, using: &random)
            try folder.write(damaged, to: segment)
            let problems = IndexVerifier.verify(directory: directory)
            #expect(
                problems.contains { $0.file == segment && $0.section == parts[place] },
                "byte \(place) of \(parts[place]): \(problems)")
        }
    }

    @Test
    func `a segment cut at any length is found, and reading it never traps`() throws {
        let sound = try folder.read(segment)
        for length in sound.indices {
            try folder.write(Array(sound[..<length]), to: segment)
            let problems = IndexVerifier.verify(directory: directory)
            #expect(
                problems.contains { $0.file == segment && $0.section != nil }, "length \(length)")
            #expect(throws: IndexError.self) { try EmbeddedIndex(directory: directory) }
        }
    }

    @Test
    func `random damage with right checksums never traps`() throws {
        var random = SeededRandom.forTest("damage behind right checksums")
        let sound = try folder.read(segment)
        for _ in 0..<1_000 {
            var damaged = sound
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: damaged.indices, using: &random)
                damaged[place] = UInt8.random(in: 0...255, using: &random)
            }
            SegmentRepair.seal(&damaged)
            try folder.write(damaged, to: segment)
            exercise()
            // Must end and not trap; whether it finds a problem depends on the bytes.
            _ = IndexVerifier.verify(directory: directory)
        }
    }

    @Test
    func `every changed byte and every cut of the JSON files is found`() throws {
        for file in [manifest, description] {
            let sound = try folder.read(file)
            for place in sound.indices {
                var damaged = sound
                damaged[place] ^= 0x04
                try folder.write(damaged, to: file)
                #expect(
                    IndexVerifier.verify(directory: directory).contains { $0.file == file },
                    "\(file), byte \(place)")
                try folder.write(Array(sound[..<place]), to: file)
                #expect(
                    IndexVerifier.verify(directory: directory).contains { $0.file == file },
                    "\(file), length \(place)")
            }
            try folder.write(sound, to: file)
        }
    }

    @Test
    func `missing files are named`() throws {
        for file in [segment, manifest, description] {
            let sound = try folder.read(file)
            try FileManager.default.removeItem(atPath: file)
            let problems = IndexVerifier.verify(directory: directory)
            #expect(problems.contains { $0.file == file }, "\(problems)")
            let error = #expect(throws: IndexError.self) {
                try EmbeddedIndex(directory: directory)
            }
            #expect(error?.kind == .missing)
            #expect(error?.file == file)
            try folder.write(sound, to: file)
        }
    }

    @Test
    func `a shard of another build is refused and both builds are named`() throws {
        let other = "\(folder.path)/other"
        let builder = try IndexBuilder(output: other, options: IndexBuildOptions(shardCount: 1))
        try builder.add(line: Array(#"{"body":"x"}"#.utf8).span, file: "input", number: 1)
        let index = try builder.finish()
        try FileManager.default.removeItem(atPath: "\(directory)/shards")
        try FileManager.default.copyItem(
            atPath: "\(other)/shards", toPath: "\(directory)/shards")
        let error = #expect(throws: IndexError.self) { try EmbeddedIndex(directory: directory) }
        #expect(error?.kind == .mismatch)
        #expect(error?.found?.contains(index.buildID.description) == true)
        #expect(IndexVerifier.verify(directory: directory).contains { $0.file == manifest })
    }

    @Test
    func `a file that does not belong to the index is named`() throws {
        try folder.write([1], to: "\(directory)/shards/0000/extra")
        #expect(
            IndexVerifier.verify(directory: directory).map(\.file)
                == ["\(directory)/shards/0000/extra"])
    }
}
