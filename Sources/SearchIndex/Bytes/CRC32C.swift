/// The CRC-32C checksum (Castagnoli polynomial, RFC 3720 section 12.1), reflected, table-driven.
///
/// Sixteen bytes a step after M. E. Kounavis and F. L. Berry, "A Systematic Approach to Building
/// High Performance Software-Based CRC Generators" (ISCC 2005), section 4: twice their step, as only
/// the look-ups of the first four bytes wait for the step before.
struct CRC32C {
    /// Row r holds the effect of a byte that is followed by r zero bytes.
    private static let table: [UInt32] = makeTable()
    private static let reflectedPolynomial: UInt32 = 0x82F6_3B78

    private var register: UInt32 = .max

    /// The checksum of the bytes so far.
    var value: UInt32 { ~register }

    /// The checksum of `bytes`.
    static func checksum(_ bytes: Span<UInt8>) -> UInt32 {
        var checksum = CRC32C()
        checksum.update(bytes)
        return checksum.value
    }

    /// Adds bytes.
    mutating func update(_ bytes: Span<UInt8>) {
        let table = Self.table.span
        var crc = register
        var offset = 0
        while bytes.count - offset >= 16 {
            let low = bytes.loadInteger(at: offset, as: UInt64.self) ^ UInt64(crc)
            let high = bytes.loadInteger(at: offset + 8, as: UInt64.self)
            crc =
                Self.effect(of: low, followedBy: 8, table)
                ^ Self.effect(of: high, followedBy: 0, table)
            offset += 16
        }
        while offset < bytes.count {
            crc = table[Int((crc ^ UInt32(bytes[offset])) & 0xFF)] ^ crc >> 8
            offset += 1
        }
        register = crc
    }

    /// Adds bytes whose own checksum is known; logarithmic in their number.
    ///
    /// A checksum is a polynomial over GF(2), and linear: bytes behind others multiply these ones'
    /// by x to the power of their bits, and add their own.
    mutating func append(_ checked: CheckedBytes) {
        var shifted = value
        // x^8, squared for every binary digit of the number of bytes.
        var power: UInt32 = 1 << 23
        var count = checked.bytes.count
        while count > 0 {
            if count & 1 == 1 { shifted = Self.product(shifted, power) }
            power = Self.product(power, power)
            count >>= 1
        }
        register = ~(shifted ^ checked.checksum)
    }

    /// The product of two polynomials modulo the checksum's, the highest bit being that of x^0.
    private static func product(_ left: UInt32, _ right: UInt32) -> UInt32 {
        var product: UInt32 = 0
        var factor = right
        for bit in (0..<32 as Range<UInt32>).reversed() {
            if left >> bit & 1 == 1 { product ^= factor }
            factor = factor & 1 == 1 ? factor >> 1 ^ reflectedPolynomial : factor >> 1
        }
        return product
    }

    /// The effect of eight bytes that `count` zero bytes follow.
    @inline(__always)
    private static func effect(
        of word: UInt64, followedBy count: Int, _ table: Span<UInt32>
    ) -> UInt32 {
        var effect: UInt32 = 0
        for byte in 0..<8 {
            let index = Int(truncatingIfNeeded: word >> UInt64(8 * byte) & 0xFF)
            effect ^= table[(count + 7 - byte) << 8 | index]
        }
        return effect
    }

    private static func makeTable() -> [UInt32] {
        var table = [UInt32](repeating: 0, count: 16 * 256)
        for byte in 0..<256 {
            var crc = UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ reflectedPolynomial : crc >> 1 }
            table[byte] = crc
        }
        for index in 256..<table.count {
            let previous = table[index - 256]
            table[index] = table[Int(previous & 0xFF)] ^ previous >> 8
        }
        return table
    }
}
