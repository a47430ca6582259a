extension RangeQuery {
    /// The documents of a segment with a value inside the range.
    ///
    /// Numbers, dates and truth values are looked for in the column; keywords in their column if
    /// there is one, else, like terms, in the dictionary: then the work grows with the postings of
    /// all terms inside, and `meter` bounds it. A facet's ancestors count, so its terms are walked.
    func documents(
        in segment: SegmentReader, meter: inout WorkMeter
    ) throws(SearchError) -> DocumentSet {
        let none = DocumentSet.empty(documentCount: segment.documentCount)
        if let column = segment.column(named: field), column.kind != .facet {
            let range = try SearchError.wrapping { () throws(IndexError) in
                guard let dictionary = column.dictionary else { return bits(of: column.kind) }
                return try ordinals(in: dictionary)
            }
            guard let range else { return none }
            return try column.documents(in: range, meter: &meter)
        }
        guard let reader = segment.field(named: field) else { return none }
        return try documents(of: reader, meter: &meter)
    }

    private func documents(
        of reader: FieldReader, meter: inout WorkMeter
    ) throws(SearchError) -> DocumentSet {
        var builder = DocumentSetBuilder(documentCount: reader.documentCount)
        var start: [UInt8] = []
        if let lower {
            guard case .text(let bytes) = lower.value else { return builder.finish() }
            start = bytes
        }
        var terms = TermRangeIterator(reader.dictionary)
        var entry = try SearchError.wrapping { () throws(IndexError) in
            try terms.seek(start.span)
        }
        while let found = entry, !isBelow(terms.term) {
            try meter.spend(1)
            // Only the first term can be the lower end itself.
            if terms.term != start || (lower?.isInclusive ?? true) {
                try reader.add(found, to: &builder, meter: &meter)
            }
            entry = try SearchError.wrapping { () throws(IndexError) in try terms.next() }
        }
        return builder.finish()
    }
}
