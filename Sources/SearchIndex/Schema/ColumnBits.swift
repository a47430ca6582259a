/// The form in which columns keep numbers: unsigned integers in the order of the values.
enum ColumnBits {
    private static let sign: UInt64 = 1 << 63

    /// The bits of an integer, or of a date in microseconds.
    static func of(_ value: Int64) -> UInt64 { UInt64(bitPattern: value) ^ sign }

    /// The bits of a number that is not NaN; both zeros have the same.
    static func of(_ value: Double) -> UInt64 {
        let bits = value == 0 ? 0 : value.bitPattern
        return bits & sign == 0 ? bits | sign : ~bits
    }

    /// The bits of a truth value.
    static func of(_ value: Bool) -> UInt64 { value ? 1 : 0 }

    /// The integer, or the date in microseconds, with some bits.
    static func integer(_ bits: UInt64) -> Int64 { Int64(bitPattern: bits ^ sign) }

    /// The number with some bits; NaN for bits that no number has.
    static func double(_ bits: UInt64) -> Double {
        Double(bitPattern: bits & sign == 0 ? ~bits : bits ^ sign)
    }
}
