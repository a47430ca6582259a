/// Finds the sections of a segment by kind and field.
struct SegmentSections {
    private let file: MappedFile
    private let footer: SegmentFooter

    init(_ file: MappedFile, _ footer: SegmentFooter) {
        self.file = file
        self.footer = footer
    }

    /// The section of a kind, which must exist and, when `length` is given, have that length.
    func section(
        _ kind: SectionKind, of field: FieldTable.Entry? = nil, length: Int? = nil
    ) throws(IndexError) -> FileSection {
        let name = kind.name(field: field?.name)
        let number = field?.number ?? SegmentFormat.noField
        let entry = footer.sections.first { $0.kind == kind.rawValue && $0.field == number }
        guard let entry,
            let section = FileSection(
                file, name: name, byteOffset: entry.byteOffset, byteCount: entry.byteCount)
        else {
            throw IndexError(
                .corrupt, "the section is missing", file: file.path, section: name,
                advice: "restore the file from a replica or rebuild the index")
        }
        if let length, section.count != length {
            throw section.corrupt(
                Malformed(at: 0, expected: "\(length) bytes", found: "\(section.count)"))
        }
        return section
    }

    /// The descriptions of the fields; checks their section's checksum, since all else needs them.
    func fieldTable() throws(IndexError) -> FieldTable {
        let section = try section(.fields)
        let stored = footer.sections.first { $0.kind == SectionKind.fields.rawValue }?.checksum
        return try section.read { (bytes) throws(Malformed) in
            guard CRC32C.checksum(bytes) == stored else {
                throw Malformed(at: 0, expected: "the section's checksum")
            }
            return try FieldTable(bytes)
        }
    }

    /// The reader of the stored documents; nil when neither of its sections exists.
    func store() throws(IndexError) -> StoreReader? {
        let kinds: [SectionKind] = [.storeIndex, .store]
        guard
            footer.sections.contains(where: { entry in
                kinds.contains { $0.rawValue == entry.kind }
            })
        else { return nil }
        return StoreReader(
            index: try section(.storeIndex), blocks: try section(.store),
            documentCount: Int(footer.documentCount))
    }

    /// The readers of all fields that have terms.
    func fields(_ table: FieldTable) throws(IndexError) -> [FieldReader] {
        var readers: [FieldReader] = []
        for entry in table.entries where entry.hasTerms { readers.append(try reader(of: entry)) }
        return readers
    }

    /// The readers of all columns.
    func columns(_ table: FieldTable) throws(IndexError) -> [ColumnReader] {
        var readers: [ColumnReader] = []
        for entry in table.entries where entry.hasColumn {
            readers.append(
                try ColumnReader(
                    entry, section: try section(.column, of: entry),
                    dictionary: entry.kind.hasTerms
                        ? try section(.columnDictionary, of: entry) : nil,
                    documentCount: Int(footer.documentCount)))
        }
        return readers
    }

    private func reader(of entry: FieldTable.Entry) throws(IndexError) -> FieldReader {
        let count = Int(footer.documentCount)
        let postings = try section(.postings, of: entry)
        let positions = entry.kind == .text ? try section(.positions, of: entry) : nil
        // 128 positions take at least the byte of their group's width.
        let most = positions.map { $0.count * SegmentFormat.blockLength } ?? count
        guard entry.tokenCount <= UInt64(most) else {
            throw try section(.fields).corrupt(
                Malformed(
                    at: 0, expected: "at most \(most) tokens of field \"\(entry.name)\"",
                    found: "\(entry.tokenCount)"))
        }
        let blocks =
            (Int(entry.termCount) + SegmentFormat.termsPerBlock - 1)
            / SegmentFormat.termsPerBlock
        let dictionary = TermDictionary(
            terms: try section(.terms, of: entry),
            index: try section(
                .termIndex, of: entry, length: SegmentFormat.termIndexEntryBytes * blocks),
            termCount: Int(entry.termCount),
            limits: TermDictionary.Limits(
                documentCount: count, postingsBytes: postings.count,
                positionsBytes: positions?.count))
        return FieldReader(
            entry, dictionary: dictionary, postings: postings, positions: positions,
            lengths: try section(.lengths, of: entry, length: count), documentCount: count)
    }
}
