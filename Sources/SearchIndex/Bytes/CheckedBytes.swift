/// Bytes with their checksum, which any thread may have computed.
struct CheckedBytes: Sendable {
    let bytes: [UInt8]
    let checksum: UInt32

    /// Linear in the bytes.
    init(_ bytes: [UInt8] = []) {
        self.bytes = bytes
        checksum = CRC32C.checksum(bytes.span)
    }
}
