import TestSupport
import Testing

@testable import SearchIndex

struct PackingTests {
    /// Value by value, bit by bit, as the format document says.
    private func naiveVertical(_ values: [UInt32], width: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 16 * width)
        for (index, value) in values.enumerated() {
            for bit in 0..<width where value >> UInt32(bit) & 1 == 1 {
                let place = index / 4 * width + bit
                bytes[place / 32 * 16 + index % 4 * 4 + place % 32 / 8] |= 1 << UInt8(place % 8)
            }
        }
        return bytes
    }

    private func naivePlain(_ values: [UInt32], width: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: (values.count * width + 7) / 8)
        for (index, value) in values.enumerated() {
            for bit in 0..<width where value >> UInt32(bit) & 1 == 1 {
                bytes[(index * width + bit) / 8] |= 1 << UInt8((index * width + bit) % 8)
            }
        }
        return bytes
    }

    private func randomValues(
        _ count: Int, width: Int, _ random: inout SeededRandom
    ) -> [UInt32] {
        (0..<count).map { _ in
            width == 0 ? 0 : UInt32.random(in: 0...UInt32.max, using: &random) >> (32 - width)
        }
    }

    @Test(arguments: 0...32)
    func `full blocks of every width are packed as the naive packer does and come back`(
        width: Int
    ) {
        var random = SeededRandom.forTest("vertical \(width)")
        let values = randomValues(128, width: width, &random)
        var bytes: [UInt8] = [7, 7, 7]
        BlockPacking.pack(values.span, width: width, to: &bytes)
        #expect(Array(bytes.dropFirst(3)) == naiveVertical(values, width: width))
        var output = [UInt32](repeating: 9, count: 128)
        BlockUnpacking.values(
            bytes.span, at: 3, width: width, adding: 0, into: &output)
        #expect(output == values)
        BlockUnpacking.gaps(bytes.span, at: 3, width: width, base: 5, into: &output)
        var sums: [UInt32] = []
        for value in values { sums.append((sums.last.map { $0 &+ 1 } ?? 5) &+ value) }
        #expect(output == sums)
    }

    @Test(arguments: 0...32)
    func `short blocks of every width are packed as the naive packer does and come back`(
        width: Int
    ) {
        var random = SeededRandom.forTest("plain \(width)")
        for count in [1, 2, 3, 7, 31, 127] {
            let values = randomValues(count, width: width, &random)
            var bytes: [UInt8] = [7]
            BlockPacking.packPlain(values.span, width: width, to: &bytes)
            #expect(Array(bytes.dropFirst()) == naivePlain(values, width: width))
            var output = [UInt32](repeating: 9, count: 128)
            BlockPacking.unpackPlain(bytes.span, at: 1, count: count, width: width, into: &output)
            #expect(Array(output.prefix(count)) == values)
        }
    }

    @Test
    func `the width is that of the greatest value`() {
        #expect(BlockPacking.width(of: ([0, 0] as [UInt32]).span) == 0)
        #expect(BlockPacking.width(of: ([0, 1] as [UInt32]).span) == 1)
        #expect(BlockPacking.width(of: ([8, 7] as [UInt32]).span) == 4)
        #expect(BlockPacking.width(of: ([UInt32.max] as [UInt32]).span) == 32)
    }

    @Test(
        arguments: [
            ("", 0x0000_0000), ("123456789", 0xE306_9283),
            ("a", 0xC1D0_4330), ("abcdefghijklmnopqrstuvwxyz", 0x9EE6_EF25),
        ] as [(String, UInt32)])
    func `CRC-32C gives the known values`(text: String, expected: UInt32) {
        #expect(CRC32C.checksum(Array(text.utf8).span) == expected)
    }

    @Test
    func `CRC-32C gives the values of RFC 3720 appendix B4`() {
        #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32).span) == 0x8A91_36AA)
        #expect(CRC32C.checksum([UInt8](repeating: 0xFF, count: 32).span) == 0x62A8_AB43)
        #expect(CRC32C.checksum([UInt8](0..<32).span) == 0x46DD_794E)
    }

    @Test
    func `CRC-32C in parts is that of the whole`() {
        let bytes = [UInt8](0..<200)
        for cut in 0...bytes.count {
            var checksum = CRC32C()
            checksum.update(Array(bytes[..<cut]).span)
            checksum.update(Array(bytes[cut...]).span)
            #expect(checksum.value == CRC32C.checksum(bytes.span))
            var joined = CRC32C()
            joined.append(CheckedBytes(Array(bytes[..<cut])))
            joined.append(CheckedBytes(Array(bytes[cut...])))
            #expect(joined.value == checksum.value)
        }
    }

    @Test(
        arguments: [
            ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B),
            ("abc", 0x44BC_2CF5_AD77_0999),
            ("Nobody inspects the spammish repetition", 0xFBCE_A83C_8A37_8BF1),
        ] as [(String, UInt64)])
    func `xxHash gives the known values`(text: String, expected: UInt64) {
        #expect(XXHash64.hash(Array(text.utf8).span) == expected)
    }

    @Test
    func `varints come back, and those that are cut or too long are refused`() throws {
        for value in [0, 1, 127, 128, 300, UInt64(UInt32.max), .max] {
            var bytes: [UInt8] = []
            bytes.appendVarint(value)
            var cursor = ByteCursor()
            #expect(try cursor.varint(bytes.span) == value)
            #expect(cursor.byteOffset == bytes.count)
            bytes.removeLast()
            #expect(throws: Malformed.self) {
                var cursor = ByteCursor()
                _ = try cursor.varint(bytes.span)
            }
        }
        let tooLong = [UInt8](repeating: 0xFF, count: 12)
        #expect(throws: Malformed.self) {
            var cursor = ByteCursor()
            _ = try cursor.varint(tooLong.span)
        }
    }

    @Test
    func `length codes are Lucene's`() {
        let known: [(UInt32, UInt8)] = [
            (0, 0), (1, 1), (23, 23), (24, 24), (39, 39), (40, 40), (41, 40), (42, 41), (54, 47),
            (56, 48), (59, 48), (60, 49), (UInt32(Int32.max), 255), (.max, 255),
        ]
        for (length, code) in known {
            #expect(LengthCode(length: length).rawValue == code, "length \(length)")
        }
        #expect(LengthCode.lengths[255] == 2_013_265_944)
        for code in UInt8.min...UInt8.max {
            #expect(LengthCode(length: LengthCode(rawValue: code).length).rawValue == code)
        }
    }
}
