extension [UInt8] {
    /// Appends the bytes of a span; constant time a byte over many calls.
    @inline(__always)
    mutating func append(copying bytes: Span<UInt8>) {
        // The buffer is the span's own and lives for the call; the array copies it.
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
