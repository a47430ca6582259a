import Foundation
import TestSupport
import Testing

@testable import SearchIndex

/// An index that is damaged, and what it was before.
final class DamageSubject {
    let bed: DamageBed
    let image: SegmentImage
    let reader: SegmentReader
    private let folder: ScratchFolder
    /// By term of the first field: where its postings and positions are, and its dictionary entry.
    private var entries: [(term: String, entry: TermEntry)] = []

    init(_ lines: [String], _ schema: Schema) throws {
        folder = try ScratchFolder()
        let directory = try folder.build(lines, schema: schema)
        let path = "\(directory)/shards/0000/segment-1.seg"
        reader = try SegmentReader(path: path)
        bed = DamageBed(directory: directory)
        image = SegmentImage(try folder.read(path), reader.footer)
        try reader.fields[0].dictionary.visitBlock(0) { term, entry in
            var copy: [UInt8] = []
            copy.append(copying: term)
            entries.append((String(decoding: copy, as: UTF8.self), entry))
            return true
        }
    }

    /// What a byte is changed by: one bit or any number of them, once in a run of all tests; as often
    /// as `SWIFTLET_DAMAGE_ROUNDS` says in a longer one.
    static func changes(_ random: inout SeededRandom) -> [UInt8] {
        let variable = ProcessInfo.processInfo.environment["SWIFTLET_DAMAGE_ROUNDS"]
        return (0..<(variable.flatMap { Int($0) } ?? 1)).map { _ in
            Bool.random(using: &random)
                ? 1 << UInt8.random(in: 0..<8, using: &random)
                : UInt8.random(in: 1...255, using: &random)
        }
    }

    /// The term of a field that the byte at a place of a section belongs to; nil if none does.
    func term(of field: FieldReader, _ kind: SectionKind, _ place: Int) throws -> String? {
        switch kind {
        case .postings: entries.first { $0.entry.postings.contains(place) }?.term
        case .positions: entries.first { $0.entry.positions.contains(place) }?.term
        case .terms: entries[place * entries.count / field.dictionary.terms.count].term
        default: nil
        }
    }

    /// Searches the index with a section changed, its checksum right.
    ///
    /// - Parameter place: of the change, for the message.
    func check(
        _ section: Int, _ search: EverySearch,
        extents: [EverySearch.Extent] = EverySearch.Extent.allCases, at place: Int,
        change: (inout [UInt8]) -> Void
    ) throws {
        var damaged = image
        var bytes = image.sections[section].bytes
        change(&bytes)
        damaged.sections[section] = damaged.sections[section].replacing(bytes)
        guard let index = try bed.open(segment: damaged.bytes) else { return }
        let kind = SectionKind(rawValue: damaged.sections[section].kind)
        #expect(
            search.run(on: index, extents),
            "\(kind.debugDescription), byte \(place): \(bytes.dropFirst(place).first ?? 0)")
    }
}
