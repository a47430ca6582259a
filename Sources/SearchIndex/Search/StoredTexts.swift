/// The strings of a stored document, by field.
struct StoredTexts {
    private let values: [(field: Int, text: [UInt8])]
    private let schema: Schema

    /// Takes a stored document apart; a damaged one has no strings.
    init(_ document: [UInt8], schema: Schema) {
        self.schema = schema
        var parser = DocumentParser(schema: schema)
        guard (try? parser.parse(document.span)) != nil else {
            values = []
            return
        }
        values = parser.values.compactMap { value in
            guard case .text(let content) = value.content else { return nil }
            var text: [UInt8] = []
            JSONScanner.unescape(content, of: document.span, into: &text)
            return (value.field, text)
        }
    }

    /// The values of a field that are strings, in the order of the document; UTF-8.
    func texts(of field: Field) -> [[UInt8]] {
        let wanted = schema.fieldIndex(forName: Array(field.name.utf8))
        return values.compactMap { $0.field == wanted ? $0.text : nil }
    }
}
