import SearchIndex

/// A document of a test corpus: its id, the text of some fields and the values of others.
struct CorpusDocument {
    let id: String
    let fields: [String: String]
    var values: [String: [FieldValue]] = [:]

    /// The document as a line of JSON, as the builder takes it.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("id")
        writer.string(id)
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
            writer.key(name)
            writer.string(value)
        }
        for (name, values) in values.sorted(by: { $0.key < $1.key }) {
            writer.key(name)
            writer.beginArray()
            for value in values {
                switch value {
                case .text(let text): writer.string(text.span)
                case .integer(let value), .date(let value): writer.integer(value)
                case .double(let value): writer.number(value)
                case .bool(let value): writer.bool(value)
                }
            }
            writer.endArray()
        }
        writer.endObject()
        return writer.bytes
    }

    /// The terms that the document is indexed under in a field of text, keywords or facets.
    func terms(of field: Field) -> [Token] {
        guard field.kind != .text else {
            return fields[field.name].map { text in
                let bytes = Array(text.utf8)
                return field.analyzer.tokens(of: bytes.span)
            } ?? []
        }
        var whole = fields[field.name].map { [Array($0.utf8)] } ?? []
        for case .text(let value) in values[field.name] ?? [] { whole.append(value) }
        var terms = Set(whole)
        if field.kind == .facet {
            for path in whole {
                let slashes = path.indices.dropFirst().filter { path[$0] == UInt8(ascii: "/") }
                terms.formUnion(slashes.map { Array(path[..<$0]) })
            }
        }
        return terms.map { Token(term: $0, position: 0, byteRange: 0..<$0.count) }
    }
}
