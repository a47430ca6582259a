/// Checks everything that a column says: counts, summaries, order of values, ordinals, dictionary.
struct ColumnVerifier {
    private let column: ColumnReader
    private let layout: ColumnLayout

    init(_ column: ColumnReader) {
        self.column = column
        layout = column.layout
    }

    /// Throws the first problem.
    func verify() throws(IndexError) {
        try verifyDictionary()
        try column.section.read { (bytes) throws(Malformed) in
            var present = 0
            var places = 0
            for block in 0..<layout.blockCount {
                guard layout.documentsBefore(block: block, bytes) == present else {
                    throw malformed(block, "\(present) documents with a value before")
                }
                try verifyBlock(block, bytes, &present, &places)
            }
            guard present == layout.presentCount, places == layout.values.count else {
                throw Malformed(at: 8, expected: "\(present) documents with \(places) values")
            }
        }
    }

    private func verifyBlock(
        _ block: Int, _ bytes: Span<UInt8>, _ present: inout Int, _ places: inout Int
    ) throws(Malformed) {
        var least = UInt64.max
        var greatest: UInt64 = 0
        let first = block * ColumnLayout.blockLength
        for document in first..<min(layout.documentCount, first + ColumnLayout.blockLength) {
            let range = try layout.places(of: document, bytes)
            if range.isEmpty { continue }
            guard range.lowerBound == places else {
                throw malformed(block, "values without gaps")
            }
            present += 1
            places = range.upperBound
            var previous: UInt64 = 0
            for place in range {
                let value = layout.values.value(place, bytes)
                guard value >= previous, isSound(value) else {
                    throw malformed(block, "ascending values of the field's kind")
                }
                previous = value
                least = min(least, value)
                greatest = max(greatest, value)
            }
        }
        let bounds = layout.packedBounds(block: block, bytes)
        guard bounds.least == least, bounds.greatest == greatest else {
            throw malformed(block, "the bounds \(least) and \(greatest)")
        }
    }

    /// Whether a packed value stands for one that the field can have.
    private func isSound(_ packed: UInt64) -> Bool {
        let (product, overflow) = packed.multipliedReportingOverflow(by: layout.unit)
        let (value, carry) = product.addingReportingOverflow(layout.minimum)
        if overflow || carry { return false }
        switch column.kind {
        case .bool: return value <= 1
        case .double: return ColumnBits.double(value).isFinite
        default: return column.dictionary.map { value < UInt64($0.count) } ?? true
        }
    }

    private func verifyDictionary() throws(IndexError) {
        guard let dictionary = column.dictionary else { return }
        var previous: [UInt8]?
        var ascends = true
        for block in 0..<ValueDictionary.blocks(dictionary.count) {
            try dictionary.visit(block: block) { _, value in
                if let previous, BytesOrder.compare(previous.span, value.span) >= 0 {
                    ascends = false
                }
                previous = value
                return ascends
            }
        }
        if !ascends {
            throw dictionary.section.corrupt(Malformed(at: 0, expected: "ascending values"))
        }
    }

    private func malformed(_ block: Int, _ expected: String) -> Malformed {
        Malformed(
            at: ColumnLayout.headerBytes + block * ColumnLayout.summaryBytes, expected: expected)
    }
}
