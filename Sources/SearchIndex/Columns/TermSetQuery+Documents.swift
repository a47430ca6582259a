extension TermSetQuery {
    /// The documents of a segment with one of the values.
    ///
    /// Fields with terms look each one up; numeric fields compare the columns once per value, of
    /// which blocks without it are skipped.
    func documents(
        in segment: SegmentReader, meter: inout WorkMeter
    ) throws(SearchError) -> DocumentSet {
        var builder = DocumentSetBuilder(documentCount: segment.documentCount)
        if let reader = segment.field(named: field) {
            for case .text(let term) in values {
                try meter.spend(1)
                let entry = try SearchError.wrapping { () throws(IndexError) in
                    try reader.lookup(term)
                }
                if let entry { try reader.add(entry, to: &builder, meter: &meter) }
            }
        } else if let column = segment.column(named: field) {
            for bits in Set(values.compactMap { $0.bits(of: column.kind) }) {
                let set = try column.documents(in: bits...bits, meter: &meter)
                set.forEach { builder.insert($0) }
            }
        }
        return builder.finish()
    }
}

extension ExistsQuery {
    /// The documents of a segment with any value of the field: one in its column or, of fields
    /// without, at least one term.
    func documents(
        in segment: SegmentReader, meter: inout WorkMeter
    ) throws(SearchError) -> DocumentSet {
        if let column = segment.column(named: field) {
            return try column.documentsWithValue(meter: &meter)
        }
        var builder = DocumentSetBuilder(documentCount: segment.documentCount)
        guard let reader = segment.field(named: field) else { return builder.finish() }
        try meter.spend(segment.documentCount / 64)
        reader.withLengthCodes { codes in
            for document in codes.indices where codes[document] > 0 {
                builder.insert(UInt32(document))
            }
        }
        return builder.finish()
    }
}

extension DocumentSet {
    /// Calls `body` with the documents, ascending.
    func forEach(_ body: (UInt32) -> Void) {
        switch storage {
        case .sparse(let documents):
            for document in documents { body(document) }
        case .bitmap(let words):
            for (index, word) in words.enumerated() {
                var rest = word
                while rest != 0 {
                    body(UInt32(index * 64 + rest.trailingZeroBitCount))
                    rest &= rest - 1
                }
            }
        }
    }
}
