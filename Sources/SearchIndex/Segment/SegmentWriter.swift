/// Writes a segment file section by section, in any order, each once.
struct SegmentWriter: ~Copyable {
    private var file: FileWriter
    private var sections: [SectionEntry] = []
    private var checksum = CRC32C()
    private var sectionStart: UInt64 = 0

    /// A file with the sections written so far, which nobody has open.
    struct Paused: Sendable {
        fileprivate let path: String
        fileprivate let byteCount: UInt64
        fileprivate let sections: [SectionEntry]
    }

    /// Creates the file at `path` and writes its header.
    init(path: String) throws(IndexError) {
        try self.init(file: try FileWriter(path: path))
    }

    /// Writes the header to a fresh file.
    init(file: consuming FileWriter) throws(IndexError) {
        self.file = file
        var header = SegmentFormat.magic
        header.appendInteger(SegmentFormat.version)
        header.appendInteger(UInt32(0))
        try self.file.write(header)
        sectionStart = self.file.byteCount
    }

    /// Opens a file again to write further sections.
    init(resuming paused: Paused) throws(IndexError) {
        file = try FileWriter(path: paused.path, mustCreate: false, behind: paused.byteCount)
        sections = paused.sections
        sectionStart = paused.byteCount
    }

    /// Waits until the sections written so far are on the device, so that `finish` will not have to,
    /// and closes the file.
    consuming func pause() throws(IndexError) -> Paused {
        try file.finish()
        return Paused(path: file.path, byteCount: file.byteCount, sections: sections)
    }

    /// Writes a section whole.
    mutating func write(
        _ kind: SectionKind, field: FieldNumber? = nil, _ bytes: [UInt8]
    ) throws(IndexError) {
        try append(bytes)
        endSection(kind, field: field)
    }

    /// Writes the next bytes of a section.
    mutating func append(_ bytes: [UInt8]) throws(IndexError) {
        checksum.update(bytes.span)
        try file.write(bytes)
    }

    /// Writes the next bytes of a section, whose checksum is known.
    mutating func append(_ checked: CheckedBytes) throws(IndexError) {
        checksum.append(checked)
        try file.write(checked.bytes)
    }

    /// Ends the section that the bytes appended since the last end make up.
    mutating func endSection(_ kind: SectionKind, field: FieldNumber? = nil) {
        sections.append(
            SectionEntry(
                kind: kind.rawValue, field: field?.rawValue ?? SegmentFormat.noField,
                checksum: checksum.value, byteOffset: sectionStart,
                byteCount: file.byteCount - sectionStart))
        sectionStart = file.byteCount
        checksum = CRC32C()
    }

    /// Writes the footer and waits until the file is on the device.
    ///
    /// - Returns: The file's length in bytes.
    mutating func finish(documentCount: UInt32, buildID: BuildID) throws(IndexError) -> UInt64 {
        let version = Schema.unicodeVersion.split(separator: ".").compactMap { UInt8($0) }
        let footer = SegmentFooter(
            documentCount: documentCount, buildID: buildID,
            unicodeVersion: Array((version + [0, 0, 0]).prefix(3)), sections: sections)
        try file.write(footer.encoded(tableOffset: file.byteCount))
        try file.finish()
        return file.byteCount
    }
}
