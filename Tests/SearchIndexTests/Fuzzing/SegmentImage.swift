@testable import SearchIndex

/// A segment file taken apart, so that damage in one part gets right checksums and reaches the
/// decoders.
struct SegmentImage {
    /// One section.
    struct Section {
        let kind: UInt16
        let field: UInt16
        let bytes: [UInt8]
        let checksum: UInt32

        /// The section with other bytes.
        func replacing(_ bytes: [UInt8]) -> Section {
            Section(
                kind: kind, field: field, bytes: bytes,
                checksum: CRC32C.checksum(bytes.span))
        }
    }

    /// In the order of the file.
    var sections: [Section]
    /// What the trailer says.
    var documentCount: UInt32
    let buildID: BuildID
    let unicodeVersion: [UInt8]

    /// Takes a sound file apart.
    init(_ bytes: [UInt8], _ footer: SegmentFooter) {
        sections = footer.sections.map { entry in
            Section(
                kind: entry.kind, field: entry.field,
                bytes: Array(
                    bytes[Int(entry.byteOffset)..<Int(entry.byteOffset + entry.byteCount)]),
                checksum: entry.checksum)
        }
        documentCount = footer.documentCount
        buildID = footer.buildID
        unicodeVersion = footer.unicodeVersion
    }

    /// The file, with right checksums, offsets and lengths.
    var bytes: [UInt8] {
        var bytes = SegmentFormat.magic
        bytes.appendInteger(SegmentFormat.version)
        bytes.appendInteger(UInt32(0))
        var entries: [SectionEntry] = []
        for section in sections {
            entries.append(
                SectionEntry(
                    kind: section.kind, field: section.field, checksum: section.checksum,
                    byteOffset: UInt64(bytes.count), byteCount: UInt64(section.bytes.count)))
            bytes += section.bytes
        }
        let footer = SegmentFooter(
            documentCount: documentCount, buildID: buildID, unicodeVersion: unicodeVersion,
            sections: entries)
        return bytes + footer.encoded(tableOffset: UInt64(bytes.count))
    }

    /// The place of a section.
    func place(of kind: SectionKind, field: UInt16 = SegmentFormat.noField) -> Int? {
        sections.firstIndex { $0.kind == kind.rawValue && $0.field == field }
    }
}
