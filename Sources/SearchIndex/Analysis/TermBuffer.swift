/// The bytes of one term while it is made; the storage is kept from term to term.
struct TermBuffer: Sendable {
    /// The term is the first `count` of these; the rest is old data.
    private(set) var bytes: [UInt8]
    /// The number of bytes of the term.
    private(set) var count = 0

    /// A buffer that holds `capacity` bytes, at least one, before it has to grow.
    init(capacity: Int) {
        precondition(capacity > 0, "a term buffer of \(capacity) bytes")
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

    /// Makes the term the given bytes.
    mutating func assign(_ term: Span<UInt8>) {
        removeAll()
        for index in term.indices { append(term[index]) }
    }

    /// Makes the term the bytes `range` of `text`, each passed through `transform`.
    @inline(__always)
    mutating func assign(
        _ range: Range<Int>, of text: Span<UInt8>, _ transform: (UInt8) -> UInt8
    ) {
        precondition(range.count <= bytes.count, "\(range.count) bytes for a term")
        var output = bytes.mutableSpan
        for index in 0..<range.count {
            output[index] = transform(text[range.lowerBound + index])
        }
        count = range.count
    }

    /// Calls `body` with the term's bytes.
    @inline(__always)
    func withBytes<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(bytes.span.extracting(0..<count))
    }

    /// The term as an array.
    var array: [UInt8] { Array(bytes[..<count]) }
}
