@testable import SearchIndex

/// Gives a damaged segment right checksums again, so that damage reaches the decoders.
enum SegmentRepair {
    /// Recomputes the checksums of all sections the table still describes, and the footer's.
    static func seal(_ bytes: inout [UInt8]) {
        let trailer = bytes.count - SegmentFormat.trailerBytes
        let count = Int(bytes.span.loadInteger(at: trailer + 8, as: UInt32.self))
        let table = trailer - count * SegmentFormat.sectionEntryBytes
        guard count <= SegmentFormat.maximumSections, table >= SegmentFormat.headerBytes else {
            return
        }
        for entry in stride(from: table, to: trailer, by: SegmentFormat.sectionEntryBytes) {
            let offset = bytes.span.loadInteger(at: entry + 8, as: UInt64.self)
            let length = bytes.span.loadInteger(at: entry + 16, as: UInt64.self)
            guard offset <= UInt64(table), length <= UInt64(table) - offset else { continue }
            let range = Int(offset)..<Int(offset + length)
            put(CRC32C.checksum(bytes.span.extracting(range)), at: entry + 4, in: &bytes)
        }
        put(
            CRC32C.checksum(bytes.span.extracting(table..<trailer + 40)), at: trailer + 40,
            in: &bytes)
    }

    private static func put(_ value: UInt32, at place: Int, in bytes: inout [UInt8]) {
        for byte in 0..<4 {
            bytes[place + byte] = UInt8(truncatingIfNeeded: value >> UInt32(8 * byte))
        }
    }
}
