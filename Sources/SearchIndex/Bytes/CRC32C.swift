/// CRC-32C (Castagnoli): the checksum of iSCSI (RFC 3720, section 12.1), polynomial 0x1EDC6F41,
/// reflected, initial value and final XOR of all ones. "123456789" gives 0xE3069283.
///
/// Eight table look-ups for eight bytes (Kounavis and Berry, "A Systematic Approach to Building
/// High Performance Software-based CRC Generators", 2005: slicing-by-8).
struct CRC32C: Sendable {
    private var state: UInt32 = .max

    /// The checksum of all bytes so far.
    var value: UInt32 { ~state }

    /// Adds bytes.
    mutating func update(_ bytes: RawSpan) {
        let table = Self.table.span
        var crc = state
        var offset = 0
        while offset + 8 <= bytes.byteCount {
            let word = bytes.uint64(at: offset) ^ UInt64(crc)
            crc = 0
            for lane in 0..<8 {
                let index = Int(truncatingIfNeeded: (word >> (8 * UInt64(lane))) & 0xFF)
                crc ^= table[(7 - lane) * 256 + index]
            }
            offset += 8
        }
        while offset < bytes.byteCount {
            let index = Int(truncatingIfNeeded: (crc ^ UInt32(bytes.byte(at: offset))) & 0xFF)
            crc = (crc >> 8) ^ table[index]
            offset += 1
        }
        state = crc
    }

    /// The checksum of some bytes.
    static func checksum(of bytes: RawSpan) -> UInt32 {
        var crc = CRC32C()
        crc.update(bytes)
        return crc.value
    }

    /// Entry 256·k + b: the effect of byte b with k zero bytes after it.
    private static let table: [UInt32] = {
        var table = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var crc = UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0x82F6_3B78 : crc >> 1 }
            table[byte] = crc
        }
        for entry in 256..<8 * 256 {
            let before = table[entry - 256]
            table[entry] = (before >> 8) ^ table[Int(before & 0xFF)]
        }
        return table
    }()
}
