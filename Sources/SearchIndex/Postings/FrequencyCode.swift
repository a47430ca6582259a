/// How frequencies are kept in bytes: one of 8 bits or two of 4 in each.
struct FrequencyCode {
    /// The binary logarithm of the frequencies in a byte.
    let perByte: Int
    /// Stands for this frequency and all above it.
    var great: UInt32 { perByte == 0 ? 255 : 15 }

    /// Fewer frequencies in this many that are great are worth the smaller code.
    private static let rarelyGreat = 64

    /// The code that is best for some frequencies.
    init(for frequencies: [UInt32]) {
        let above = frequencies.reduce(0) { $0 + ($1 >= 15 ? 1 : 0) }
        perByte = above * Self.rarelyGreat <= frequencies.count ? 1 : 0
    }

    /// Which byte has the frequency at a place.
    @inline(__always)
    func byte(of place: Int) -> Int { place &>> perByte }

    /// The frequency at a place, out of its byte.
    @inline(__always)
    func frequency(_ byte: UInt8, at place: Int) -> UInt32 {
        UInt32(byte &>> UInt8(truncatingIfNeeded: (place & perByte) &<< 2)) & great
    }

    /// The bytes for some frequencies, and by place those that have no code.
    func encode(_ frequencies: [UInt32]) -> (bytes: [UInt8], great: [Int: UInt32]) {
        var bytes = [UInt8](repeating: 0, count: (frequencies.count + perByte) >> perByte)
        var above: [Int: UInt32] = [:]
        for (place, frequency) in frequencies.enumerated() {
            if frequency >= great { above[place] = frequency }
            bytes[byte(of: place)] |=
                UInt8(truncatingIfNeeded: min(frequency, great)) << UInt8((place & perByte) << 2)
        }
        return (bytes, above)
    }
}
