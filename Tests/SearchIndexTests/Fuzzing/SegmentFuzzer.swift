import Foundation

@testable import SearchIndex

/// Searches segments that an input damages.
///
/// An input is: which index (and whether it is verified), which search, then edits of 5 bytes each: what to do, the section, the
/// place in it (2 bytes, low first), a value. All bytes count modulo what there is, so that every
/// input means something.
final class SegmentFuzzer {
    private static let editBytes = 5
    private static let maximumEdits = 32

    /// An index that is not damaged.
    let soundDirectory: String
    private let subjects: [(bed: DamageBed, image: SegmentImage, searches: [EverySearch])]

    init(folder: String) throws {
        soundDirectory = "\(folder)/sound"
        try Self.build(DamageCorpus.typed, DamageCorpus.typedSchema(), soundDirectory)
        let names = ["title", "tag", "path", "n", "x"]
        subjects = [
            try Self.subject(
                DamageCorpus.lists, DamageCorpus.listsSchema(), "\(folder)/lists",
                ["ape", "bee", "cat", "dog", "eel", "fox"].map(DamageCorpus.listsSearch)),
            try Self.subject(
                DamageCorpus.typed, DamageCorpus.typedSchema(), "\(folder)/typed",
                names.map(DamageCorpus.typedSearch) + [DamageCorpus.typedDocuments]),
        ]
    }

    /// - Throws: `FuzzFinding` when a search does not end.
    func run(_ input: [UInt8]) throws {
        guard input.count >= 2 else { return }
        let subject = subjects[Int(input[0]) % subjects.count]
        let search = subject.searches[Int(input[1]) % subject.searches.count]
        let bytes = Self.edited(subject.image, input).bytes
        guard let index = try subject.bed.open(segment: bytes) else { return }
        guard search.run(on: index) else { throw FuzzFinding("a search without end") }
        // Verification takes longer than all searches, so not every input asks for it.
        if input[0] >= 0xC0 { _ = IndexVerifier.verify(directory: subject.bed.directory) }
    }

    /// Deletes a document of the damaged segment, and merges.
    func merge(_ input: [UInt8]) throws {
        guard input.count >= 2 else { return }
        let subject = subjects[Int(input[0]) % subjects.count]
        try subject.bed.merge(segment: Self.edited(subject.image, input).bytes)
    }

    private static func edited(_ sound: SegmentImage, _ input: [UInt8]) -> SegmentImage {
        var image = sound
        var edited: [Int: [UInt8]] = [:]
        for start in stride(from: 2, to: input.count - editBytes + 1, by: editBytes)
            .prefix(maximumEdits)
        {
            let section = Int(input[start + 1]) % image.sections.count
            if input[start] % 8 == 7 {
                image.documentCount ^= UInt32(input[start + 4]) << UInt32(input[start + 2] % 4 * 8)
                continue
            }
            var bytes = edited[section] ?? image.sections[section].bytes
            edit(
                &bytes, input[start], Int(input[start + 2]) | Int(input[start + 3]) << 8,
                input[start + 4])
            edited[section] = bytes
        }
        for (section, bytes) in edited {
            image.sections[section] = image.sections[section].replacing(bytes)
        }
        return image
    }

    private static func edit(
        _ bytes: inout [UInt8], _ action: UInt8, _ place: Int, _ value: UInt8
    ) {
        if bytes.isEmpty {
            bytes = [value]
            return
        }
        let place = place % bytes.count
        switch action % 8 {
        case 0, 1: bytes[place] = value
        case 2: bytes[place] ^= value
        case 3: bytes.removeSubrange(place...)
        case 4: bytes.insert(value, at: place)
        case 5: bytes.remove(at: place)
        default:
            for index in place..<min(bytes.count, place + 4) { bytes[index] = value }
        }
    }

    private static func subject(
        _ lines: [String], _ schema: Schema, _ directory: String, _ searches: [EverySearch]
    ) throws -> (bed: DamageBed, image: SegmentImage, searches: [EverySearch]) {
        try build(lines, schema, directory)
        let path = "\(directory)/shards/0000/segment-1.seg"
        let reader = try SegmentReader(path: path)
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        return (
            DamageBed(directory: directory), SegmentImage(bytes, reader.footer), searches
        )
    }

    private static func build(
        _ lines: [String], _ schema: Schema, _ directory: String
    ) throws {
        let builder = try IndexBuilder(
            output: directory,
            options: IndexBuildOptions(
                shardCount: 1, schema: schema, isStrict: true,
                buildID: BuildID("000102030405060708090a0b0c0d0e0f")))
        for (number, line) in lines.enumerated() {
            try builder.add(line: Array(line.utf8).span, file: "corpus", number: number + 1)
        }
        _ = try builder.finish()
    }
}
