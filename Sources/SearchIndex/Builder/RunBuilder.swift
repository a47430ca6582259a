/// Turns lines into a run: documents in input order, with their terms, in memory.
///
/// A build has one on each of its threads.
struct RunBuilder {
    /// What was taken so far.
    private(set) var documents = RunDocuments()
    private var indexer: FieldIndexer
    private var parser: DocumentParser
    // Of the options only what each line needs: the workers share them, and counting references to
    // what is shared costs as much as a document.
    private let schema: Schema?
    private let maximumDocumentBytes: Int

    init(options: IndexBuildOptions) {
        schema = options.schema
        maximumDocumentBytes = options.maximumDocumentBytes
        parser = DocumentParser(schema: options.schema)
        indexer = FieldIndexer(schema: options.schema)
    }

    /// About how many bytes of memory the run takes.
    var byteCount: Int { documents.byteCount + indexer.byteCount }

    /// Adds a line; one of white space adds nothing.
    ///
    /// - Throws: Why it is no document; then nothing was added.
    mutating func add(_ line: Span<UInt8>, key: OrderKey) throws(DocumentProblem) {
        if Self.isBlank(line) { return }
        guard line.count <= maximumDocumentBytes else {
            throw DocumentProblem(
                maximumDocumentBytes, .tooLong(limitBytes: maximumDocumentBytes))
        }
        try parser.parse(line)
        Self.take(&parser, line, key, &documents, &indexer)
        parser.adoptNewFields()
    }

    /// Takes over what was parsed. All parts are parameters, so that none of the parser's buffers is
    /// counted up and down for every document.
    private static func take(
        _ parser: inout DocumentParser, _ line: Span<UInt8>, _ key: OrderKey,
        _ documents: inout RunDocuments, _ indexer: inout FieldIndexer
    ) {
        let document = UInt32(documents.count)
        if parser.id.isEmpty {
            // A document without an id gets an underscore and its input position.
            let id = Array("_\(key.rawValue)".utf8)
            documents.append(id: id.span, key: key, source: parser.source.span)
        } else {
            documents.append(id: parser.id.span, key: key, source: parser.source.span)
        }
        indexer.add(parser.values.span, of: line, newFields: parser.newFields.span, document)
    }

    /// The run so far; the next line begins another.
    mutating func takeRun() -> DocumentRun {
        defer {
            documents = RunDocuments()
            parser = DocumentParser(schema: schema)
            indexer = FieldIndexer(schema: schema)
        }
        return DocumentRun(documents: documents, fields: indexer.finish())
    }

    private static func isBlank(_ line: Span<UInt8>) -> Bool {
        for index in line.indices {
            switch line[index] {
            case 0x20, 0x09, 0x0A, 0x0D: continue
            default: return false
            }
        }
        return true
    }
}

/// Documents with their terms, in memory, complete.
struct DocumentRun: Sendable {
    let documents: RunDocuments
    let fields: [FieldData]
}
