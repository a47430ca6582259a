/// Classes of ASCII bytes for the analyzers' fast paths.
enum ASCII {
    /// A letter or a digit.
    @inline(__always)
    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
    }

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
