/// Counting of lines.
enum LineFeeds {
    /// How many line feeds `bytes` have; looks at eight bytes at once.
    static func count(in bytes: Span<UInt8>) -> Int {
        let each: UInt64 = 0x0101_0101_0101_0101
        var count = 0
        var offset = 0
        while bytes.count - offset >= 8 {
            // Every byte of `found` counts the line feeds at its place of up to 255 words.
            let end = offset + 8 * min(255, (bytes.count - offset) / 8)
            var found: UInt64 = 0
            while offset < end {
                let word = bytes.loadInteger(at: offset, as: UInt64.self) ^ (each * 0x0A)
                let others = ((word & (each * 0x7F)) &+ each * 0x7F) | word
                found &+= (~others >> 7) & each
                offset += 8
            }
            let pairs = (found & 0x00FF_00FF_00FF_00FF) &+ (found >> 8 & 0x00FF_00FF_00FF_00FF)
            count += Int(truncatingIfNeeded: (pairs &* 0x0001_0001_0001_0001) >> 48)
        }
        while offset < bytes.count {
            count += bytes[offset] == UInt8(ascii: "\n") ? 1 : 0
            offset += 1
        }
        return count
    }
}
