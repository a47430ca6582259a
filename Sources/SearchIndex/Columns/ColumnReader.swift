/// The values of one field by document, in a mapped section. Immutable.
///
/// Values are unsigned integers in the order of the field's values: `ColumnBits` of numbers, dates
/// and truth values, ordinals into `dictionary` of keywords and facets. Damaged bytes give errors.
final class ColumnReader: Sendable {
    /// The field's number in the schema.
    let number: FieldNumber
    /// The field's name.
    let name: String
    /// What values it has.
    let kind: Field.Kind
    /// The values that ordinals stand for; nil for numeric kinds.
    let dictionary: ValueDictionary?
    let section: FileSection
    let layout: ColumnLayout

    /// Opens a column; reads its fixed parts only.
    init(
        _ entry: FieldTable.Entry, section: FileSection, dictionary: FileSection?,
        documentCount: Int
    ) throws(IndexError) {
        number = FieldNumber(entry.number)
        name = entry.name
        kind = entry.kind
        self.section = section
        layout = try section.read { (bytes) throws(Malformed) in
            try ColumnLayout(bytes, documentCount: documentCount)
        }
        var values: ValueDictionary?
        if let dictionary { values = try ValueDictionary(dictionary) }
        self.dictionary = values
    }

    /// The least or the greatest value of a document, or nil when it has none; constant time.
    func value(of document: UInt32, greatest: Bool = false) throws(IndexError) -> UInt64? {
        try section.read { (bytes) throws(Malformed) in
            let range = try layout.places(of: Int(document), bytes)
            if range.isEmpty { return nil }
            return layout.value(greatest ? range.upperBound - 1 : range.lowerBound, bytes)
        }
    }

    /// Appends the values of a document, ascending, to `values`.
    func appendValues(
        of document: UInt32, to values: inout [UInt64]
    ) throws(IndexError) {
        try section.read { (bytes) throws(Malformed) in
            for place in try layout.places(of: Int(document), bytes) {
                values.append(layout.value(place, bytes))
            }
        }
    }
}

extension ColumnLayout {
    /// What the packed value at `place`, which must be below their number, stands for.
    @inline(__always)
    func value(_ place: Int, _ bytes: Span<UInt8>) -> UInt64 {
        // Wraps around only where bytes are damaged.
        minimum &+ unit &* values.value(place, bytes)
    }

    /// The places of a document's values; empty when it has none.
    @inline(__always)
    func places(of document: Int, _ bytes: Span<UInt8>) throws(Malformed) -> Range<Int> {
        precondition(document < documentCount, "document \(document) of \(documentCount)")
        var place = document
        if !isFull {
            let word = bytes.loadInteger(
                at: bitmapOffset + document / 64 * 8, as: UInt64.self)
            guard word >> UInt64(document & 63) & 1 == 1 else { return 0..<0 }
            place = rank(of: document, bytes)
        }
        return try range(atPresent: place, bytes)
    }

    /// The places of the values of the document that is the `index`th with a value.
    @inline(__always)
    func range(atPresent index: Int, _ bytes: Span<UInt8>) throws(Malformed) -> Range<Int> {
        guard index < presentCount else {
            throw Malformed(
                at: bitmapOffset, expected: "\(presentCount) documents with a value")
        }
        guard isMultiValued else { return index..<index + 1 }
        let start = starts.value(index, bytes)
        let end = starts.value(index + 1, bytes)
        guard start < end, end <= UInt64(values.count) else {
            throw Malformed(at: starts.byteOffset, expected: "ascending starts of values")
        }
        return Int(start)..<Int(end)
    }

    /// The documents with a value before `document`.
    private func rank(of document: Int, _ bytes: Span<UInt8>) -> Int {
        let block = document / Self.blockLength
        var rank = documentsBefore(block: block, bytes)
        let firstWord = block * Self.blockLength / 64
        for word in firstWord..<document / 64 {
            rank += bytes.loadInteger(at: bitmapOffset + 8 * word, as: UInt64.self).nonzeroBitCount
        }
        let last = bytes.loadInteger(at: bitmapOffset + document / 64 * 8, as: UInt64.self)
        return rank + (last & (1 << UInt64(document & 63) - 1)).nonzeroBitCount
    }

    /// The documents with a value before a block, as its summary says.
    func documentsBefore(block: Int, _ bytes: Span<UInt8>) -> Int {
        Int(
            bytes.loadInteger(at: Self.headerBytes + block * Self.summaryBytes, as: UInt32.self))
    }

    /// The least and the greatest packed value of a block; the first is greater without values.
    func packedBounds(block: Int, _ bytes: Span<UInt8>) -> (least: UInt64, greatest: UInt64) {
        let place = Self.headerBytes + block * Self.summaryBytes + 4
        return (
            bytes.loadInteger(at: place, as: UInt64.self),
            bytes.loadInteger(at: place + 8, as: UInt64.self)
        )
    }
}
