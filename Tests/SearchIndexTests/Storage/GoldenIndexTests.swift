import Foundation
import Testing

@testable import SearchIndex

/// The committed index of the current format version opens, answers, and is what a build gives.
struct GoldenIndexTests {
    private static var isWriting: Bool {
        ProcessInfo.processInfo.environment["SWIFTLET_MAKE_GOLDEN"] == "1"
    }

    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func build() throws -> String {
        try folder.build(
            GoldenIndex.lines, named: "golden", shards: 2, schema: try GoldenIndex.schema())
    }

    private static func segment(_ shard: Int, of directory: String) throws -> SegmentReader {
        try SegmentReader(path: "\(directory)/shards/000\(shard)/segment-1.seg")
    }

    @Test(.disabled(if: isWriting))
    func `the golden index gives the same hits, scores and orders, bit for bit`() throws {
        let index = try EmbeddedIndex(directory: GoldenIndex.directory)
        let expected = String(
            decoding: try folder.read(GoldenIndex.answersFile), as: UTF8.self
        ).split(separator: "\n")
        let found = try GoldenIndex.answers(of: index).split(separator: "\n")
        #expect(found.count == expected.count)
        for (found, expected) in zip(found, expected) { #expect(found == expected) }
    }

    @Test(.disabled(if: isWriting))
    func `the golden index has no problems`() {
        #expect(IndexVerifier.verify(directory: GoldenIndex.directory) == [])
    }

    @Test(.disabled(if: isWriting))
    func `a build of the golden documents gives the same bytes in every section`() throws {
        let directory = try build()
        #expect(
            try folder.read("\(directory)/\(IndexDescription.fileName)")
                == folder.read("\(GoldenIndex.directory)/\(IndexDescription.fileName)"))
        for shard in 0..<2 {
            let golden = try Self.segment(shard, of: GoldenIndex.directory)
            let built = try Self.segment(shard, of: directory)
            let parts = Self.sections(try folder.read(built.path), built.footer)
            let expected = Self.sections(try folder.read(golden.path), golden.footer)
            #expect(parts.map(\.kind) == expected.map(\.kind))
            for (part, expected) in zip(parts, expected) {
                // Versions of LZ4 may compress differently; what they give is compared below.
                let kind = SectionKind(rawValue: part.kind)
                if kind == .store || kind == .storeIndex { continue }
                #expect(part.field == expected.field)
                #expect(part.bytes == expected.bytes, "\(kind.debugDescription), \(part.field)")
            }
            #expect(built.documentCount == golden.documentCount)
            for number in 0..<UInt32(built.documentCount) {
                let number = DocumentNumber(number)
                #expect(try built.source(of: number) == golden.source(of: number))
            }
        }
    }

    /// The sections by kind and field: a file may have them in any order.
    private static func sections(
        _ bytes: [UInt8], _ footer: SegmentFooter
    ) -> [SegmentImage.Section] {
        SegmentImage(bytes, footer).sections.sorted {
            ($0.kind, $0.field) < ($1.kind, $1.field)
        }
    }

    /// Not a check: what `scripts/make-golden` runs.
    @Test(.enabled(if: isWriting))
    func `the golden index is written`() throws {
        let directory = try build()
        let manager = FileManager.default
        try? manager.removeItem(atPath: GoldenIndex.folder)
        try manager.createDirectory(
            atPath: GoldenIndex.folder, withIntermediateDirectories: true)
        try manager.copyItem(atPath: directory, toPath: GoldenIndex.directory)
        let index = try EmbeddedIndex(directory: GoldenIndex.directory)
        try folder.write(
            Array(try GoldenIndex.answers(of: index).utf8), to: GoldenIndex.answersFile)
    }
}
