/// Encodes values by document as the section that `ColumnLayout` describes.
struct ColumnEncoder {
    private let entries: [(document: UInt32, value: UInt64)]
    private let documentCount: Int
    private let minimum: UInt64
    private let unit: UInt64
    private var packed: [UInt64] = []

    /// An encoder of values sorted by document, then value; documents are below `documentCount`.
    init(_ entries: [(document: UInt32, value: UInt64)], documentCount: Int) {
        self.entries = entries
        self.documentCount = documentCount
        let minimum = entries.map(\.value).min() ?? 0
        var unit: UInt64 = 0
        for entry in entries where unit != 1 {
            unit = Self.greatestCommonDivisor(unit, entry.value - minimum)
        }
        self.minimum = minimum
        self.unit = max(1, unit)
        packed = entries.map { ($0.value - minimum) / max(1, unit) }
    }

    /// The section.
    func encode() -> [UInt8] {
        let (bitmap, starts) = presence()
        let present = starts.count - 1
        let isMultiValued = present != entries.count
        // A bit at least for each of several values keeps their number in proportion to the file.
        let width = max(isMultiValued ? 1 : 0, PackedArray.width(of: packed.max() ?? 0))
        let startWidth = isMultiValued ? PackedArray.width(of: UInt64(entries.count)) : 0
        var bytes: [UInt8] = [UInt8(width), UInt8(startWidth)]
        bytes.appendInteger(UInt16(isMultiValued ? 1 : 0))
        bytes.appendInteger(UInt32(documentCount))
        bytes.appendInteger(UInt32(present))
        bytes.appendInteger(UInt64(entries.count))
        bytes.appendInteger(minimum)
        bytes.appendInteger(unit)
        appendSummaries(to: &bytes)
        if present < documentCount { for word in bitmap { bytes.appendInteger(word) } }
        if isMultiValued { PackedArray.append(starts, width: startWidth, to: &bytes) }
        PackedArray.append(packed, width: width, to: &bytes)
        return bytes
    }

    /// The bitmap of documents with a value, and where the values of each start.
    private func presence() -> (bitmap: [UInt64], starts: [UInt64]) {
        var bitmap = [UInt64](repeating: 0, count: (documentCount + 63) / 64)
        var starts: [UInt64] = []
        for (place, entry) in entries.enumerated() {
            if place > 0, entries[place - 1].document == entry.document { continue }
            bitmap[Int(entry.document >> 6)] |= 1 << UInt64(entry.document & 63)
            starts.append(UInt64(place))
        }
        return (bitmap, starts + [UInt64(entries.count)])
    }

    private func appendSummaries(to bytes: inout [UInt8]) {
        var next = 0
        var documents: UInt32 = 0
        for block in stride(from: 0, to: documentCount, by: ColumnLayout.blockLength) {
            bytes.appendInteger(documents)
            var least = UInt64.max
            var greatest: UInt64 = 0
            while next < entries.count,
                Int(entries[next].document) < block + ColumnLayout.blockLength
            {
                if next == 0 || entries[next - 1].document != entries[next].document {
                    documents += 1
                }
                least = min(least, packed[next])
                greatest = max(greatest, packed[next])
                next += 1
            }
            bytes.appendInteger(least)
            bytes.appendInteger(greatest)
        }
    }

    private static func greatestCommonDivisor(_ first: UInt64, _ second: UInt64) -> UInt64 {
        var (a, b) = (first, second)
        while b != 0 { (a, b) = (b, a % b) }
        return a
    }
}
