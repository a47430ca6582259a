/// Documents by their values.
extension ColumnReader {
    /// The documents with a value in a range of the column's unsigned form, both ends included.
    ///
    /// Blocks of 512 documents whose summary lies outside are skipped, those inside are taken
    /// whole; of the others every value is compared.
    func documents(
        in range: ClosedRange<UInt64>, meter: inout WorkMeter
    ) throws(SearchError) -> DocumentSet {
        var builder = DocumentSetBuilder(documentCount: layout.documentCount)
        guard let packed = layout.packed(range) else { return builder.finish() }
        for block in 0..<layout.blockCount {
            try meter.spend(ColumnLayout.blockLength / 16)
            let isOpen = try SearchError.wrapping { () throws(IndexError) in
                try section.read { (bytes) throws(Malformed) in
                    try layout.addDocuments(ofBlock: block, in: packed, to: &builder, bytes)
                }
            }
            if isOpen { try meter.spend(ColumnLayout.blockLength) }
        }
        return builder.finish()
    }

    /// The documents with any value.
    func documentsWithValue(meter: inout WorkMeter) throws(SearchError) -> DocumentSet {
        try documents(in: 0...UInt64.max, meter: &meter)
    }
}

extension ColumnLayout {
    /// The packed values that stand for values of a range; nil when none can.
    func packed(_ range: ClosedRange<UInt64>) -> ClosedRange<UInt64>? {
        guard range.upperBound >= minimum, presentCount > 0 else { return nil }
        let greatest = (range.upperBound - minimum) / unit
        guard range.lowerBound > minimum else { return 0...greatest }
        let difference = range.lowerBound - minimum
        let least = difference / unit + (difference % unit == 0 ? 0 : 1)
        return least <= greatest ? least...greatest : nil
    }

    /// Adds the documents of a block with a packed value in a range.
    ///
    /// - Returns: Whether the summary did not decide it.
    fileprivate func addDocuments(
        ofBlock block: Int, in range: ClosedRange<UInt64>, to builder: inout DocumentSetBuilder,
        _ bytes: Span<UInt8>
    ) throws(Malformed) -> Bool {
        let bounds = packedBounds(block: block, bytes)
        guard bounds.least <= bounds.greatest, bounds.least <= range.upperBound,
            bounds.greatest >= range.lowerBound
        else { return false }
        let isInside = bounds.least >= range.lowerBound && bounds.greatest <= range.upperBound
        var index = documentsBefore(block: block, bytes)
        let first = block * Self.blockLength
        for document in first..<min(documentCount, first + Self.blockLength)
        where isPresent(document, bytes) {
            if isInside {
                builder.insert(UInt32(document))
            } else {
                let places = try self.range(atPresent: index, bytes)
                for place in places where range.contains(values.value(place, bytes)) {
                    builder.insert(UInt32(document))
                    break
                }
            }
            index += 1
        }
        return !isInside
    }

    /// Whether a document has a value.
    @inline(__always)
    private func isPresent(_ document: Int, _ bytes: Span<UInt8>) -> Bool {
        if isFull { return true }
        let word = bytes.loadInteger(at: bitmapOffset + document / 64 * 8, as: UInt64.self)
        return word >> UInt64(document & 63) & 1 == 1
    }
}
