/// The bytes of one term while it is made; the storage is kept from term to term.
struct TermBuffer: Sendable {
    /// The term is the first `count` of these; the rest is old data.
    var bytes: [UInt8]
    /// The number of bytes of the term.
    private(set) var count = 0

    /// A buffer that holds `capacity` bytes before it has to grow.
    init(capacity: Int) {
        bytes = [UInt8](repeating: 0, count: capacity)
    }

    /// Makes the term empty.
    mutating func removeAll() { count = 0 }

    /// Adds a byte to the term.
    @inline(__always)
    mutating func append(_ byte: UInt8) {
        if count == bytes.count { bytes.append(0) }
        bytes[count] = byte
        count += 1
    }

    /// Adds the UTF-8 form of a scalar.
    mutating func append(scalar: UInt32) {
        UTF8Encoder.encode(scalar) { append($0) }
    }

    /// Makes the term the given bytes.
    mutating func assign(_ term: Span<UInt8>) {
        removeAll()
        for index in term.indices { append(term[index]) }
    }

    /// Makes the term the bytes `range` of `text`, each passed through `transform`; there are at
    /// most as many as the buffer was made for.
    @inline(__always)
    mutating func assign(
        _ range: Range<Int>, of text: Span<UInt8>, _ transform: (UInt8) -> UInt8
    ) {
        var output = bytes.mutableSpan
        for index in 0..<range.count {
            output[index] = transform(text[range.lowerBound + index])
        }
        count = range.count
    }

    /// Makes the term the bytes `range` of `text` with some bits set in each, mostly sixteen at once;
    /// there are at most as many as the buffer was made for.
    @inline(__always)
    mutating func assign(_ range: Range<Int>, of text: Span<UInt8>, setting bits: UInt64) {
        var output = bytes.mutableSpan
        var index = 0
        while index < range.count, output.count - index >= 16,
            text.count - range.lowerBound - index >= 16
        {
            // What is stored behind the term does not count.
            let place = range.lowerBound + index
            let low = text.loadInteger(at: place, as: UInt64.self)
            let high = text.loadInteger(at: place + 8, as: UInt64.self)
            output.storeInteger(low | bits, at: index)
            output.storeInteger(high | bits, at: index + 8)
            index += 16
        }
        while index < range.count {
            output[index] = text[range.lowerBound + index] | UInt8(truncatingIfNeeded: bits)
            index += 1
        }
        count = range.count
    }

    /// Adds the scalars of `range` of `text`; malformed bytes become U+FFFD.
    mutating func append(scalars range: Range<Int>, of text: Span<UInt8>) {
        var place = range.lowerBound
        while place < range.upperBound {
            let scalar = UTF8Scalar(text, at: place)
            append(scalar: scalar.value)
            place += scalar.length
        }
    }

    /// Keeps one of several equal ASCII bytes in a row.
    mutating func removeRepeats(of byte: UInt8) {
        var kept = 0
        for index in 0..<count where kept == 0 || bytes[index] != byte || bytes[kept - 1] != byte {
            bytes[kept] = bytes[index]
            kept += 1
        }
        count = kept
    }

    /// Calls `body` with the term's bytes.
    @inline(__always)
    func withBytes<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(bytes.span.extracting(0..<count))
    }

    /// The term's bytes.
    var array: [UInt8] { Array(bytes[..<count]) }

    /// The number of scalars of the term.
    var scalarCount: Int { bytes[..<count].count { $0 & 0xC0 != 0x80 } }
}
