/// What a field takes, 0 where it is left out.
enum FieldSize {
    static func of(_ value: UInt64) -> Int { value == 0 ? 0 : 1 + of(varint: value) }

    static func of(_ value: Float) -> Int { value.bitPattern == 0 ? 0 : 5 }

    static func of(octets count: Int) -> Int { count == 0 ? 0 : of(presentOctets: count) }

    /// Of octets or a message that are there also when they are empty.
    static func of(presentOctets count: Int) -> Int { 1 + of(varint: UInt64(count)) + count }

    static func of(varint value: UInt64) -> Int {
        (UInt64.bitWidth - (value | 1).leadingZeroBitCount + 6) / 7
    }
}
