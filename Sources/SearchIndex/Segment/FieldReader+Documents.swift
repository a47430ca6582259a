extension FieldReader {
    /// The documents that hold any of some of the field's terms.
    func documents(
        holding entries: [TermEntry], meter: inout WorkMeter
    ) throws(SearchError) -> DocumentSet {
        var builder = DocumentSetBuilder(documentCount: documentCount)
        for entry in entries { try add(entry, to: &builder, meter: &meter) }
        return builder.finish()
    }

    /// Adds the documents that hold a term.
    func add(
        _ entry: TermEntry, to builder: inout DocumentSetBuilder, meter: inout WorkMeter
    ) throws(SearchError) {
        var cursor = try SearchError.wrapping { () throws(IndexError) in try postings(entry) }
        while try SearchError.wrapping({ () throws(IndexError) in try cursor.nextBlock() }) {
            builder.insert(cursor.documents, count: cursor.count)
            try meter.spend(cursor.count)
        }
    }
}

extension SearchError {
    /// Runs a step that reads the index.
    static func wrapping<Result>(
        _ body: () throws(IndexError) -> Result
    ) throws(SearchError) -> Result {
        do { return try body() } catch { throw .index(error) }
    }
}
