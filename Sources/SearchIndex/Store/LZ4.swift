import CLZ4

/// The LZ4 block format, by the system's liblz4.
enum LZ4 {
    /// The largest input that one block takes.
    static let maximumInputBytes = 0x7E00_0000

    /// The compressed form of `input`; nil when it is not smaller than the input.
    static func compress(_ input: [UInt8]) -> [UInt8]? {
        precondition(input.count <= maximumInputBytes, "\(input.count) bytes for one LZ4 block")
        guard input.count > 1 else { return nil }
        let written = unsafe [UInt8](unsafeUninitializedCapacity: input.count - 1) {
            output, count in
            unsafe input.withUnsafeBytes { source in
                // Both buffers live for the call; the capacity passed is the output's own, and
                // the compressor writes nothing behind it.
                let result = unsafe LZ4_compress_default(
                    source.baseAddress, UnsafeMutableRawPointer(output.baseAddress),
                    Int32(source.count), Int32(output.count))
                count = max(0, Int(result))
            }
        }
        return written.isEmpty ? nil : written
    }

    /// The `count` bytes that a compressed block stands for.
    ///
    /// - Returns: Nil when the block is malformed or stands for another number of bytes.
    static func decompress(_ block: Span<UInt8>, count: Int) -> [UInt8]? {
        guard count >= 0, count <= maximumInputBytes, block.count <= maximumInputBytes else {
            return nil
        }
        var isComplete = false
        let output = unsafe [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
            unsafe block.withUnsafeBytes { source in
                // `LZ4_decompress_safe` reads and writes only inside the two lengths it is given,
                // which are those of buffers that live for the call, however damaged the block is.
                let result = unsafe LZ4_decompress_safe(
                    source.baseAddress, UnsafeMutableRawPointer(output.baseAddress),
                    Int32(source.count), Int32(count))
                isComplete = Int(result) == count
                initialized = isComplete ? count : 0
            }
        }
        return isComplete ? output : nil
    }
}
