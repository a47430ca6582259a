extension SegmentReader {
    /// The sections with their sizes in bytes, in file order; a kind comes once for each field.
    public var sectionSizes: [(kind: String, bytes: UInt64)] {
        footer.sections.map { entry in
            let kind = SectionKind(rawValue: entry.kind)?.name(field: nil)
            return (kind: kind ?? "section kind \(entry.kind)", bytes: entry.byteCount)
        }
    }

    /// How many bytes of the dictionaries hold the terms' frequencies in the whole index.
    ///
    /// Reads all dictionaries.
    public func globalFrequencyBytes() throws(IndexError) -> UInt64 {
        var total: UInt64 = 0
        for dictionary in fields.map(\.dictionary) {
            for block in 0..<dictionary.blockCount {
                try dictionary.visitBlock(block) { _, entry in
                    let others = entry.globalDocumentFrequency - UInt64(entry.documentFrequency)
                    total += UInt64(others.varintByteCount)
                    return true
                }
            }
        }
        return total
    }
}
