extension SegmentReader {
    /// The sections with their sizes in bytes, in file order; a kind comes once for each field.
    public var sectionSizes: [(kind: String, bytes: UInt64)] {
        footer.sections.map { entry in
            let kind = SectionKind(rawValue: entry.kind)?.name(field: nil)
            return (kind: kind ?? "section kind \(entry.kind)", bytes: entry.byteCount)
        }
    }
}
