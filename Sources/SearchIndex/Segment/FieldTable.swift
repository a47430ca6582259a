/// The description of a segment's fields, as the section `fields` holds it.
struct FieldTable {
    /// One indexed field.
    struct Entry: Hashable {
        let number: UInt16
        let kind: Field.Kind
        let tokenCount: UInt64
        let termCount: UInt32
        /// What the field's stored bounds were computed with.
        let norms: NormParameters
        let name: String
        /// Whether the segment has terms, postings and lengths of the field.
        var hasTerms = true
        /// Whether it has a column of the field.
        var hasColumn = false
    }

    /// The number of each kind in the section.
    private static let kinds: [Field.Kind] = [
        .text, .keyword, .integer, .double, .bool, .date, .facet,
    ]
    /// The flags of an entry: with positions, with a column, without terms.
    private static let positionsFlag: UInt8 = 1
    private static let columnFlag: UInt8 = 2
    private static let noTermsFlag: UInt8 = 4

    /// The fields, numbers ascending.
    let entries: [Entry]

    init(entries: [Entry]) { self.entries = entries }

    /// Reads the section.
    init(_ bytes: Span<UInt8>) throws(Malformed) {
        var cursor = ByteCursor()
        let count = try cursor.integer(bytes, as: UInt16.self)
        guard count <= UInt16(Schema.maximumFields) else {
            throw Malformed(
                at: 0, expected: "at most \(Schema.maximumFields) fields", found: "\(count)")
        }
        var entries: [Entry] = []
        for _ in 0..<count {
            let entry = try Self.readEntry(bytes, &cursor)
            if let last = entries.last, last.number >= entry.number {
                throw Malformed(at: cursor.byteOffset, expected: "ascending field numbers")
            }
            entries.append(entry)
        }
        guard cursor.byteOffset == bytes.count else {
            throw Malformed(at: cursor.byteOffset, expected: "the end of the section")
        }
        self.entries = entries
    }

    /// The section's bytes.
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendInteger(UInt16(entries.count))
        for entry in entries {
            bytes.appendInteger(entry.number)
            bytes.append(UInt8(Self.kinds.firstIndex(of: entry.kind) ?? 0))
            bytes.append(
                (entry.kind == .text ? Self.positionsFlag : 0)
                    | (entry.hasColumn ? Self.columnFlag : 0)
                    | (entry.hasTerms ? 0 : Self.noTermsFlag))
            bytes.appendInteger(entry.tokenCount)
            bytes.appendInteger(entry.termCount)
            bytes.appendInteger(entry.norms.averageLength.bitPattern)
            bytes.appendInteger(entry.norms.k1.bitPattern)
            bytes.appendInteger(entry.norms.b.bitPattern)
            bytes.appendInteger(UInt16(entry.name.utf8.count))
            bytes.append(contentsOf: entry.name.utf8)
        }
        return bytes
    }

    private static func readEntry(
        _ bytes: Span<UInt8>, _ cursor: inout ByteCursor
    ) throws(Malformed) -> Entry {
        let number = try cursor.integer(bytes, as: UInt16.self)
        let place = cursor.byteOffset
        let code = try cursor.integer(bytes, as: UInt8.self)
        let flags = try cursor.integer(bytes, as: UInt8.self)
        guard let kind = kind(code, flags) else {
            throw Malformed(
                at: place, expected: "a kind and its flags", found: "\(code),\(flags)")
        }
        let tokens = try cursor.integer(bytes, as: UInt64.self)
        let terms = try cursor.integer(bytes, as: UInt32.self)
        let norms = NormParameters(
            averageLength: Double(bitPattern: try cursor.integer(bytes, as: UInt64.self)),
            BM25Parameters(
                k1: Float(bitPattern: try cursor.integer(bytes, as: UInt32.self)),
                b: Float(bitPattern: try cursor.integer(bytes, as: UInt32.self))))
        guard norms.isSound else {
            throw Malformed(
                at: cursor.byteOffset - 16,
                expected: "an average length above 0, k1 and b in range",
                found: "\(norms.averageLength), \(norms.k1), \(norms.b)")
        }
        let length = try cursor.integer(bytes, as: UInt16.self)
        let start = try cursor.skip(Int(length), bytes)
        let content = (start..<start + Int(length)).map { bytes[$0] }
        guard let name = String(validating: content, as: UTF8.self), !name.isEmpty else {
            throw Malformed(at: start, expected: "a field name in UTF-8")
        }
        return Entry(
            number: number, kind: kind, tokenCount: tokens, termCount: terms,
            norms: norms, name: name, hasTerms: flags & noTermsFlag == 0,
            hasColumn: flags & columnFlag != 0)
    }

    /// The kind with a number, if the flags fit it: text has positions and terms and no column,
    /// numeric kinds have a column and no terms, keywords and facets at least one of both.
    private static func kind(_ code: UInt8, _ flags: UInt8) -> Field.Kind? {
        guard Int(code) < kinds.count else { return nil }
        let kind = kinds[Int(code)]
        switch kind {
        case .text: return flags == positionsFlag ? kind : nil
        case .keyword, .facet:
            return [0, columnFlag, columnFlag | noTermsFlag].contains(flags) ? kind : nil
        case .integer, .double, .bool, .date:
            return flags == columnFlag | noTermsFlag ? kind : nil
        }
    }
}
