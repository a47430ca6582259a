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
    }

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
            bytes.append(entry.kind == .text ? 0 : 1)
            bytes.append(entry.kind == .text ? 1 : 0)
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
        let kind = try cursor.integer(bytes, as: UInt8.self)
        let flags = try cursor.integer(bytes, as: UInt8.self)
        // Text fields have positions, keyword fields have none.
        guard kind <= 1, flags == 1 - kind else {
            throw Malformed(
                at: place, expected: "kind and flags 0,1 or 1,0", found: "\(kind),\(flags)")
        }
        let tokens = try cursor.integer(bytes, as: UInt64.self)
        let terms = try cursor.integer(bytes, as: UInt32.self)
        let norms = NormParameters(
            averageLength: Double(bitPattern: try cursor.integer(bytes, as: UInt64.self)),
            k1: Float(bitPattern: try cursor.integer(bytes, as: UInt32.self)),
            b: Float(bitPattern: try cursor.integer(bytes, as: UInt32.self)))
        let length = try cursor.integer(bytes, as: UInt16.self)
        let start = try cursor.skip(Int(length), bytes)
        let content = (start..<start + Int(length)).map { bytes[$0] }
        guard let name = String(validating: content, as: UTF8.self), !name.isEmpty else {
            throw Malformed(at: start, expected: "a field name in UTF-8")
        }
        return Entry(
            number: number, kind: kind == 0 ? .text : .keyword, tokenCount: tokens,
            termCount: terms, norms: norms, name: name)
    }
}
