extension Array where Element: BitwiseCopyable {
    /// Appends the elements of a span; constant time an element over many calls.
    @inline(__always)
    mutating func append(copying elements: Span<Element>) {
        // The buffer is the span's own and lives for the call; the array copies it.
        unsafe elements.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
