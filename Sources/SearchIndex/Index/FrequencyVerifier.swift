/// Checks that the documents that hold a term, over all segments of an index, are as many as each
/// dictionary says.
struct FrequencyVerifier {
    private let segments: [SegmentReader]

    init(_ segments: [SegmentReader]) { self.segments = segments }

    /// The first wrong term of each field and segment; linear in the number of terms.
    func problems() -> [IndexProblem] {
        var names: [String] = []
        for field in segments.flatMap(\.fields) where !names.contains(field.name) {
            names.append(field.name)
        }
        var problems: [IndexProblem] = []
        for name in names {
            do throws(IndexError) {
                try problems.append(contentsOf: verify(name))
            } catch {
                problems.append(IndexProblem(error))
            }
        }
        return problems
    }

    private func verify(_ name: String) throws(IndexError) -> [IndexProblem] {
        var streams: [(segment: SegmentReader, terms: SegmentTerms)] = []
        for segment in segments {
            guard let field = segment.field(named: name) else { continue }
            streams.append((segment, try SegmentTerms(field, fromBlock: 0)))
        }
        var problems: [String: IndexProblem] = [:]
        while let term = streams.compactMap(\.terms.term)
            .min(by: { BytesOrder.compare($0.span, $1.span) < 0 })
        {
            let holders = streams.filter { $0.terms.term == term }
            let total = holders.reduce(0) { $0 + UInt64($1.terms.entry.documentFrequency) }
            for (segment, terms) in holders {
                let stored = terms.entry.globalDocumentFrequency
                if stored != total, problems[segment.path] == nil {
                    problems[segment.path] = IndexProblem(
                        file: segment.path, section: SectionKind.terms.name(field: name),
                        message: "term \"\(String(decoding: term, as: UTF8.self))\" in \(stored) "
                            + "documents of the index, found \(total)")
                }
                try terms.advance()
            }
        }
        return problems.values.sorted { $0.file < $1.file }
    }
}
