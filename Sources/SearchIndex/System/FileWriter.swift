import Glibc

/// Writes one new file from start to end; counts its bytes.
///
/// Not thread-safe. The file is closed by `finish` or, unfinished, when the writer goes away.
struct FileWriter: ~Copyable {
    /// The path of the file.
    let path: String
    /// The bytes written so far, those still buffered included.
    private(set) var byteCount: UInt64
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private static let bufferBytes = 256 * 1024

    /// Creates the file, or with `mustCreate` false opens an existing one to write behind its end.
    ///
    /// - Parameter byteCount: The length of an existing file; 0 for one without, such as a device.
    init(
        path: String, mustCreate: Bool = true, behind byteCount: UInt64 = 0
    ) throws(IndexError) {
        let flags = O_WRONLY | O_CLOEXEC | (mustCreate ? O_CREAT | O_EXCL : O_APPEND)
        // The path is passed as a C string that lives for the call.
        descriptor = unsafe open(path, flags, 0o644)
        self.path = path
        self.byteCount = byteCount
        guard descriptor >= 0 else { throw SystemError.last("create the file", path: path) }
        buffer.reserveCapacity(Self.bufferBytes)
    }

    deinit {
        if descriptor >= 0 { _ = close(descriptor) }
    }

    /// Appends bytes.
    mutating func write(_ bytes: Span<UInt8>) throws(IndexError) {
        byteCount += UInt64(bytes.count)
        if buffer.count + bytes.count <= Self.bufferBytes {
            buffer.append(copying: bytes)
            return
        }
        try flush()
        if bytes.count >= Self.bufferBytes {
            try writeAll(bytes)
        } else {
            buffer.append(copying: bytes)
        }
    }

    /// Appends bytes.
    mutating func write(_ bytes: [UInt8]) throws(IndexError) { try write(bytes.span) }

    /// Writes what is buffered and waits until the file's bytes are on the device.
    mutating func finish() throws(IndexError) {
        try flush()
        // Devices such as /dev/full cannot be synchronised; everything written to them is out.
        if fsync(descriptor) != 0 && errno != EINVAL {
            throw SystemError.last("write the file to the device", path: path)
        }
    }

    /// Hands what is buffered to the system.
    mutating func flush() throws(IndexError) {
        try writeAll(buffer.span)
        buffer.removeAll(keepingCapacity: true)
    }

    private func writeAll(_ bytes: Span<UInt8>) throws(IndexError) {
        var done = 0
        while done < bytes.count {
            let rest = bytes.extracting(done..<bytes.count)
            // The buffer lives for the call, and its own length is passed.
            let written = unsafe rest.withUnsafeBytes { source in
                unsafe Glibc.write(descriptor, source.baseAddress, source.count)
            }
            if written < 0 {
                if errno == EINTR { continue }
                throw SystemError.last("write the file", path: path)
            }
            done += written
        }
    }
}
