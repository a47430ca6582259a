/// One entry of a segment's section table.
struct SectionEntry: Hashable, Sendable {
    /// The kind's number; a reader ignores no kind it does not know.
    let kind: UInt16
    /// The field's number, or `SegmentFormat.noField`.
    let field: UInt16
    /// The CRC-32C of the section's bytes.
    let checksum: UInt32
    /// Where it starts, in bytes from the start of the file.
    let byteOffset: UInt64
    /// Its length.
    let byteCount: UInt64
}

/// The footer of a segment: the section table and the trailer behind it.
struct SegmentFooter: Hashable, Sendable {
    /// The number of documents.
    let documentCount: UInt32
    /// The build that the segment belongs to.
    let buildID: BuildID
    /// The Unicode version of the analyzers that made its terms: major, minor, update.
    let unicodeVersion: [UInt8]
    /// The sections, in the order of their offsets, without gaps.
    let sections: [SectionEntry]

    /// The bytes of the footer when the sections end at `tableOffset`.
    func encoded(tableOffset: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        for section in sections {
            bytes.appendInteger(section.kind)
            bytes.appendInteger(section.field)
            bytes.appendInteger(section.checksum)
            bytes.appendInteger(section.byteOffset)
            bytes.appendInteger(section.byteCount)
        }
        bytes.appendInteger(tableOffset)
        bytes.appendInteger(UInt32(sections.count))
        bytes.appendInteger(documentCount)
        bytes.append(contentsOf: buildID.bytes)
        bytes.append(contentsOf: unicodeVersion)
        bytes.append(contentsOf: [UInt8](repeating: 0, count: 8 - unicodeVersion.count))
        bytes.appendInteger(CRC32C.checksum(bytes.span))
        bytes.appendInteger(SegmentFormat.version)
        bytes.append(contentsOf: SegmentFormat.endMagic)
        return bytes
    }
}

extension SegmentFooter {
    /// Reads and checks header and footer of a file; the time depends on the sections only.
    init(of file: MappedFile) throws(IndexError) {
        let minimum = SegmentFormat.headerBytes + SegmentFormat.trailerBytes
        guard file.byteCount >= minimum else {
            throw Self.damaged(
                file, "header", at: file.byteCount, "at least \(minimum) bytes",
                "\(file.byteCount) bytes")
        }
        try Self.checkHeader(file)
        let trailerStart = file.byteCount - SegmentFormat.trailerBytes
        let (tableOffset, sectionCount) = try file.withBytes(
            trailerStart..<file.byteCount
        ) { (bytes) throws(IndexError) in
            try Self.checkEnd(bytes, file)
            return (
                bytes.loadInteger(at: 0, as: UInt64.self),
                bytes.loadInteger(at: 8, as: UInt32.self)
            )
        }
        let tableBytes = UInt64(sectionCount) * UInt64(SegmentFormat.sectionEntryBytes)
        guard sectionCount <= UInt32(SegmentFormat.maximumSections),
            tableBytes <= UInt64(trailerStart - SegmentFormat.headerBytes),
            tableOffset == UInt64(trailerStart) - tableBytes
        else {
            throw Self.damaged(
                file, "footer", at: trailerStart, "a section table that ends at the trailer",
                "\(sectionCount) sections at byte \(tableOffset)")
        }
        self = try file.withBytes(Int(tableOffset)..<file.byteCount) { (bytes) throws(IndexError) in
            try Self(bytes, sectionCount: Int(sectionCount), tableOffset: tableOffset, file)
        }
    }

    private init(
        _ bytes: Span<UInt8>, sectionCount: Int, tableOffset: UInt64, _ file: MappedFile
    ) throws(IndexError) {
        let trailer = sectionCount * SegmentFormat.sectionEntryBytes
        let stored = bytes.loadInteger(at: trailer + 40, as: UInt32.self)
        let actual = CRC32C.checksum(bytes.extracting(0..<trailer + 40))
        guard stored == actual else {
            throw Self.damaged(
                file, "footer", at: Int(tableOffset), "checksum \(Hexadecimal.text(stored))",
                Hexadecimal.text(actual))
        }
        documentCount = bytes.loadInteger(at: trailer + 12, as: UInt32.self)
        buildID = BuildID(unchecked: (0..<BuildID.byteCount).map { bytes[trailer + 16 + $0] })
        unicodeVersion = (0..<3).map { bytes[trailer + 32 + $0] }
        var sections: [SectionEntry] = []
        var end = UInt64(SegmentFormat.headerBytes)
        for index in 0..<sectionCount {
            let entry = SectionEntry(bytes, at: index * SegmentFormat.sectionEntryBytes)
            let (next, overflow) = end.addingReportingOverflow(entry.byteCount)
            guard entry.byteOffset == end, !overflow, next <= tableOffset else {
                throw Self.damaged(
                    file, "footer", at: Int(tableOffset), "section \(index) at byte \(end)",
                    "byte \(entry.byteOffset), length \(entry.byteCount)")
            }
            sections.append(entry)
            end = next
        }
        guard end == tableOffset else {
            throw Self.damaged(
                file, "footer", at: Int(tableOffset), "sections up to the section table",
                "their end at byte \(end)")
        }
        self.sections = sections
    }

    private static func checkHeader(_ file: MappedFile) throws(IndexError) {
        try file.withBytes(0..<SegmentFormat.headerBytes) { (bytes) throws(IndexError) in
            let magic = SegmentFormat.magic
            guard BytesOrder.compare(bytes.extracting(0..<8), magic.span) == 0 else {
                throw damaged(file, "header", at: 0, "the magic of a segment file", nil)
            }
            try checkVersion(bytes.loadInteger(at: 8, as: UInt32.self), at: 8, "header", file)
            guard bytes.loadInteger(at: 12, as: UInt32.self) == 0 else {
                throw damaged(file, "header", at: 12, "zero bytes", nil)
            }
        }
    }

    private static func checkEnd(
        _ bytes: Span<UInt8>, _ file: MappedFile
    ) throws(IndexError) {
        let start = file.byteCount - SegmentFormat.trailerBytes
        let endMagic = SegmentFormat.endMagic
        guard BytesOrder.compare(bytes.extracting(48..<56), endMagic.span) == 0 else {
            throw damaged(
                file, "footer", at: start + 48, "the end mark of a segment file",
                "other bytes; the file may be truncated")
        }
        try checkVersion(bytes.loadInteger(at: 44, as: UInt32.self), at: start + 44, "footer", file)
    }

    private static func checkVersion(
        _ version: UInt32, at byteOffset: Int, _ section: String, _ file: MappedFile
    ) throws(IndexError) {
        guard version == SegmentFormat.version else {
            throw IndexError(
                .unsupportedVersion, "another format version", file: file.path, section: section,
                byteOffset: UInt64(byteOffset), expected: "version \(SegmentFormat.version)",
                found: "version \(version)", advice: "rebuild the index with this release")
        }
    }

    private static func damaged(
        _ file: MappedFile, _ section: String, at byteOffset: Int, _ expected: String,
        _ found: String?
    ) -> IndexError {
        IndexError(
            .corrupt, "damaged segment file", file: file.path, section: section,
            byteOffset: UInt64(byteOffset), expected: expected, found: found,
            advice: "restore the file from a replica or rebuild the index")
    }
}

extension SectionEntry {
    /// Reads the entry at `byteOffset`, which must lie inside with all its bytes.
    fileprivate init(_ bytes: Span<UInt8>, at byteOffset: Int) {
        kind = bytes.loadInteger(at: byteOffset, as: UInt16.self)
        field = bytes.loadInteger(at: byteOffset + 2, as: UInt16.self)
        checksum = bytes.loadInteger(at: byteOffset + 4, as: UInt32.self)
        self.byteOffset = bytes.loadInteger(at: byteOffset + 8, as: UInt64.self)
        byteCount = bytes.loadInteger(at: byteOffset + 16, as: UInt64.self)
    }
}
