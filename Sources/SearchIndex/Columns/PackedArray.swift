/// Integers of one width in bits, one after the other, low bits first, behind them eight zero bytes
/// so that every one can be read with a load of 64 bits.
struct PackedArray: Sendable {
    /// The zero bytes behind the last integer.
    static let paddingBytes = 8

    /// Where the array starts in its section.
    let byteOffset: Int
    /// How many integers it has.
    let count: Int
    /// The bits of each, 0 to 64.
    let width: Int

    /// The bytes that an array takes, nil when that is no number a file can have.
    static func byteCount(count: Int, width: Int) -> Int? {
        let (bits, overflow) = count.multipliedReportingOverflow(by: width)
        guard !overflow, bits <= Int.max - 7 - 8 * paddingBytes else { return nil }
        return (bits + 7) / 8 + paddingBytes
    }

    /// The integer at `index`, which must be below `count`; the array must lie inside `bytes`.
    @inline(__always)
    func value(_ index: Int, _ bytes: Span<UInt8>) -> UInt64 {
        let bit = index * width
        let start = byteOffset + bit / 8
        let shift = UInt64(bit & 7)
        var value = bytes.loadInteger(at: start, as: UInt64.self) >> shift
        if Int(shift) + width > 64 { value |= UInt64(bytes[start + 8]) << (64 - shift) }
        return width == 64 ? value : value & (1 << UInt64(width) - 1)
    }

    /// The bits that an integer needs.
    static func width(of value: UInt64) -> Int { 64 - value.leadingZeroBitCount }

    /// Appends an array; every value must fit `width`.
    static func append(_ values: [UInt64], width: Int, to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: (values.count * width + 7) / 8))
        for (index, value) in values.enumerated() where width > 0 {
            var place = start + index * width / 8
            let shift = UInt64(index * width % 8)
            bytes[place] |= UInt8(truncatingIfNeeded: value << shift)
            var rest = value >> (8 - shift)
            while rest > 0 {
                place += 1
                bytes[place] |= UInt8(truncatingIfNeeded: rest)
                rest >>= 8
            }
        }
        bytes.append(contentsOf: repeatElement(0, count: paddingBytes))
    }
}
