extension Schema {
    /// Reads a schema from the bytes of a JSON document.
    ///
    /// - Parameter folder: Where files of synonyms lie that the schema names; nil refuses them. Their
    ///   rules become part of the schema.
    /// - Throws: `SchemaError` with the field or analyzer, the value and what is allowed.
    public init(json: [UInt8], folder: String? = nil) throws(SchemaError) {
        var scanner = JSONScanner()
        self = try Self.read(from: &scanner, folder: folder, json.span)
        do { try scanner.finish(json.span) } catch { throw SchemaError(.json(error)) }
    }

    /// Reads a schema that is the next value of a document under scan, such as `index.json`.
    public static func read(
        from scanner: inout JSONScanner, folder: String? = nil, _ bytes: Span<UInt8>
    ) throws(SchemaError) -> Schema {
        var reader = SchemaReader(scanner: scanner, folder: folder)
        defer { scanner = reader.scanner }
        return try reader.readSchema(bytes)
    }

    /// The canonical JSON form: fixed order, no white space, every member written but an empty
    /// `analyzers`, a `search_analyzer` that is the analyzer, and a `store_source` that is true.
    ///
    /// Equal schemas give equal bytes, and `init(json:)` of them gives the schema back.
    public var canonicalJSON: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }

    /// Writes the canonical form as the next value of `writer`.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("fields")
        writer.beginArray()
        for field in fields { field.write(to: &writer) }
        writer.endArray()
        if !analyzers.isEmpty {
            writer.key("analyzers")
            writer.beginObject()
            for analyzer in analyzers {
                writer.key(analyzer.name.rawValue)
                analyzer.write(to: &writer)
            }
            writer.endObject()
        }
        writer.key("default_fields")
        writer.beginArray()
        for name in defaultFields { writer.string(name) }
        writer.endArray()
        writer.key("unknown_fields")
        writer.string(unknownFields.rawValue)
        if !storesSource {
            writer.key("store_source")
            writer.bool(false)
        }
        writer.endObject()
    }
}

extension Field {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("name")
        writer.string(name)
        writer.key("kind")
        writer.string(kind.rawValue)
        if kind == .text {
            writer.key("analyzer")
            writer.string(analyzer.name.rawValue)
            if searchAnalyzer != analyzer {
                writer.key("search_analyzer")
                writer.string(searchAnalyzer.name.rawValue)
            }
        }
        writer.key("weight")
        writer.number(weight)
        writer.key("indexed")
        writer.bool(isIndexed)
        writer.key("stored")
        writer.bool(isStored)
        writer.key("column")
        writer.bool(isColumn)
        if kind.hasTerms {
            writer.key("k1")
            writer.number(bm25.k1)
            writer.key("b")
            writer.number(bm25.b)
        }
        writer.endObject()
    }
}
