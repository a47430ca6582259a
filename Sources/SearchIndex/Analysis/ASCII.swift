/// Classes of ASCII bytes for the analyzers' fast paths.
enum ASCII {
    /// A letter or a digit.
    @inline(__always)
    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
    }

    /// The end of the letters and digits from `start` on; looks at eight bytes at once.
    @inline(__always)
    static func endOfAlphanumerics(in text: Span<UInt8>, from start: Int) -> Int {
        var end = start
        while text.count - end >= 8 {
            let count = leadingAlphanumerics(text.loadInteger(at: end, as: UInt64.self))
            end += count
            if count < 8 { return end }
        }
        while end < text.count, isAlphanumeric(text[end]) { end += 1 }
        return end
    }

    /// How many of the lowest bytes of a word are letters and digits.
    @inline(__always)
    static func leadingAlphanumerics(_ word: UInt64) -> Int {
        let others = ~alphanumerics(word) & (0x0101_0101_0101_0101 * 0x80)
        return others.trailingZeroBitCount / 8
    }

    /// The highest bit of every byte of a word that is a letter or a digit.
    ///
    /// With the highest bit of every byte cleared, adding 0x80 - n sets it where the byte is n or
    /// above, and carries into no other byte.
    @inline(__always)
    static func alphanumerics(_ word: UInt64) -> UInt64 {
        let each: UInt64 = 0x0101_0101_0101_0101
        let low = word & (each * 0x7F)
        let lower = low | (each * 0x20)
        let letters =
            (lower &+ each * (0x80 - 0x61)) & ~(lower &+ each * (0x80 - 0x7B))
        let digits = (low &+ each * (0x80 - 0x30)) & ~(low &+ each * (0x80 - 0x3A))
        return (letters | digits) & ~word & (each * 0x80)
    }

    /// Makes letters lowercase, of bytes that are letters and digits: digits have the bit already.
    static let lowercaseBits: UInt64 = 0x2020_2020_2020_2020

    /// The lowercase of an ASCII letter, other bytes as they are.
    @inline(__always)
    static func lowercase(_ byte: UInt8) -> UInt8 {
        byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
    }

    /// Whether a segment of UAX #29 that starts with this byte can never hold a term.
    @inline(__always)
    static func cannotStartTerm(_ byte: UInt8) -> Bool {
        byte < 0x80 && byte != UInt8(ascii: "_") && !isAlphanumeric(byte)
    }

    /// Whether a word of ASCII letters and digits ends before this byte, whatever follows it.
    @inline(__always)
    static func endsWord(_ byte: UInt8) -> Bool {
        byte < 0x80 && byte != UInt8(ascii: "_") && !isAlphanumeric(byte) && !joinsWords(byte)
    }

    /// Whether the byte joins letters or digits on both sides of it (MidLetter, MidNum, MidNumLet
    /// and Single_Quote of UAX #29).
    @inline(__always)
    static func joinsWords(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: ";"),
            UInt8(ascii: "'"):
            true
        default: false
        }
    }
}
