/// The grammar of JSON numbers (RFC 8259 section 6), and integers read from them.
enum JSONNumber {
    /// The offset behind the number that starts at `start`.
    static func end(of bytes: Span<UInt8>, from start: Int) throws(JSONError) -> Int {
        var offset = start
        if bytes[offset] == UInt8(ascii: "-") { offset += 1 }
        let integer = digits(bytes, from: offset)
        guard integer > offset, integer == offset + 1 || bytes[offset] != UInt8(ascii: "0") else {
            throw JSONError(byteOffset: start, reason: .badNumber)
        }
        offset = integer
        if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
            let fraction = digits(bytes, from: offset + 1)
            guard fraction > offset + 1 else {
                throw JSONError(byteOffset: start, reason: .badNumber)
            }
            offset = fraction
        }
        guard offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") else { return offset }
        offset += 1
        if offset < bytes.count,
            bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-")
        {
            offset += 1
        }
        let exponent = digits(bytes, from: offset)
        guard exponent > offset else { throw JSONError(byteOffset: start, reason: .badNumber) }
        return exponent
    }

    /// The integer that a text holds; nil when it is none or does not fit 64 bits.
    static func integer(_ range: Range<Int>, of bytes: Span<UInt8>) -> Int64? {
        var offset = range.lowerBound
        let isNegative = offset < range.upperBound && bytes[offset] == UInt8(ascii: "-")
        if isNegative { offset += 1 }
        guard offset < range.upperBound else { return nil }
        var value: Int64 = 0
        while offset < range.upperBound {
            let digit = bytes[offset] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(
                isNegative ? -Int64(digit) : Int64(digit))
            guard !overflow, !carry else { return nil }
            value = sum
            offset += 1
        }
        return value
    }

    /// The number when few digits make it exact: at most 2^53, times or divided by at most 10^22,
    /// both exact in binary64 (W. D. Clinger, "How to read floating point numbers accurately",
    /// 1990, section 3). Nil leaves it to the slow way.
    static func exactDouble(_ range: Range<Int>, of bytes: Span<UInt8>) -> Double? {
        var offset = range.lowerBound
        let isNegative = bytes[offset] == UInt8(ascii: "-")
        if isNegative { offset += 1 }
        var digits: UInt64 = 0
        var places = 0
        var isFraction = false
        while offset < range.upperBound {
            let digit = bytes[offset] &- UInt8(ascii: "0")
            if bytes[offset] == UInt8(ascii: ".") {
                isFraction = true
            } else {
                guard digit < 10, digits < 1 << 53 / 10 else { return nil }
                digits = digits * 10 + UInt64(digit)
                if isFraction { places += 1 }
            }
            offset += 1
        }
        guard places <= 22 else { return nil }
        var power = 1.0
        for _ in 0..<places { power *= 10 }
        let value = Double(digits) / power
        return isNegative ? -value : value
    }

    private static func digits(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var offset = start
        while offset < bytes.count, bytes[offset] &- UInt8(ascii: "0") < 10 { offset += 1 }
        return offset
    }
}

extension JSONScanner {
    /// Whether the text of a number, as `readNumber` gave it, is an integer without exponent.
    public static func isInteger(_ range: Range<Int>, of bytes: Span<UInt8>) -> Bool {
        for offset in range {
            let byte = bytes[offset]
            guard byte == UInt8(ascii: "-") || byte &- UInt8(ascii: "0") < 10 else { return false }
        }
        return true
    }

    /// Reads the unsigned integer that follows.
    ///
    /// - Throws: `numberOutOfRange` when it is negative, not an integer, or above 2^64 - 1.
    public mutating func readUnsigned(_ bytes: Span<UInt8>) throws(JSONError) -> UInt64 {
        let range = try readNumber(bytes)
        var value: UInt64 = 0
        for offset in range {
            let digit = bytes[offset] &- UInt8(ascii: "0")
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            guard digit < 10, !overflow, !carry else {
                throw JSONError(byteOffset: range.lowerBound, reason: .numberOutOfRange)
            }
            value = sum
        }
        return value
    }

    /// Reads the number that follows as a finite `Double`, correctly rounded.
    ///
    /// - Throws: `numberOutOfRange` when it is not finite as a `Double`.
    public mutating func readDouble(_ bytes: Span<UInt8>) throws(JSONError) -> Double {
        let range = try readNumber(bytes)
        if let value = JSONNumber.exactDouble(range, of: bytes) { return value }
        var text = ""
        for offset in range { text.unicodeScalars.append(Unicode.Scalar(bytes[offset])) }
        guard let value = Double(text), value.isFinite else {
            throw JSONError(byteOffset: range.lowerBound, reason: .numberOutOfRange)
        }
        return value
    }
}
