/// The base64 of URLs without padding: RFC 4648, section 5.
enum Base64URL {
    /// The text of some bytes.
    static func text(of bytes: [UInt8]) -> String {
        String(decoding: digits(of: bytes), as: UTF8.self)
    }

    /// The text of some bytes, as ASCII. Nearly every answer of a broker has one.
    static func digits(of bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.append(addingCapacity: (bytes.count * 4 + 2) / 3) { output in
            let bytes = bytes.span
            // Three bytes are four digits.
            var place = 0
            while place + 3 <= bytes.count {
                let bits =
                    UInt32(bytes[place]) << 16 | UInt32(bytes[place + 1]) << 8
                    | UInt32(bytes[place + 2])
                output.append(digit(of: bits >> 18))
                output.append(digit(of: bits >> 12))
                output.append(digit(of: bits >> 6))
                output.append(digit(of: bits))
                place += 3
            }
            guard place < bytes.count else { return }
            // What is left at the end is filled up with zero bits.
            let isOne = place + 1 == bytes.count
            let bits = UInt32(bytes[place]) << 16 | (isOne ? 0 : UInt32(bytes[place + 1]) << 8)
            output.append(digit(of: bits >> 18))
            output.append(digit(of: bits >> 12))
            if !isOne { output.append(digit(of: bits >> 6)) }
        }
        return output
    }

    /// The digit of the lowest six bits. Without branches: which digit comes next is anybody's guess.
    private static func digit(of bits: UInt32) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: bits & 0x3F)
        var digit = value + UInt8(ascii: "A")
        digit += value >= 26 ? UInt8(ascii: "a") - UInt8(ascii: "A") - 26 : 0
        digit -= value >= 52 ? UInt8(ascii: "a") - UInt8(ascii: "0") + 26 : 0
        digit -= value >= 62 ? UInt8(ascii: "0") + 10 - UInt8(ascii: "-") : 0
        digit += value >= 63 ? UInt8(ascii: "_") - UInt8(ascii: "-") - 1 : 0
        return digit
    }

    /// The bytes of a text; nil when it is not one that `text(of:)` gives.
    static func bytes(of text: String) -> [UInt8]? {
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count * 3 / 4)
        var bits: UInt32 = 0
        var bitCount = 0
        for digit in text.utf8 {
            guard let value = value(of: digit) else { return nil }
            bits = (bits << 6 | value) & 0xFFF
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                output.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
            }
        }
        // What is left are fewer bits than a digit, all zero.
        guard bitCount < 6, bits & (1 << UInt32(bitCount) - 1) == 0 else { return nil }
        return output
    }

    private static func value(of digit: UInt8) -> UInt32? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
