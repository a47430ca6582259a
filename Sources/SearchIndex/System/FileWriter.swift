import Glibc

/// Writes a new file from start to end, through a buffer, with a running checksum on demand.
///
/// Not for several threads. `finish` makes the bytes durable; an unfinished file is closed when the
/// writer goes.
final class FileWriter {
    let path: String
    /// Bytes appended so far.
    private(set) var byteCount = 0
    private let file: Int32
    private var buffer: [UInt8] = []
    private var checksum = CRC32C()
    private static let bufferBytes = 1 << 20

    /// Creates a file that must not exist yet; `/dev/full` and the like may, for tests.
    init(path: String, mustBeNew: Bool = true) throws(IndexError) {
        self.path = path
        let flags = O_WRONLY | O_CLOEXEC | O_CREAT | (mustBeNew ? O_EXCL : 0)
        // `open` with a mode is variadic in C; `creat`-like permissions come through umask.
        file = Glibc.open(path, flags, 0o644)
        guard file >= 0 else { throw FileError.system("cannot create it", path, errno) }
        buffer.reserveCapacity(Self.bufferBytes)
    }

    deinit {
        Glibc.close(file)
    }

    func append(_ bytes: [UInt8]) throws(IndexError) {
        buffer.append(contentsOf: bytes)
        byteCount += bytes.count
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    func append(_ bytes: ArraySlice<UInt8>) throws(IndexError) {
        buffer.append(contentsOf: bytes)
        byteCount += bytes.count
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    /// Starts a checksum over what is appended from here.
    func beginChecksum() throws(IndexError) {
        try flush()
        checksum = CRC32C()
    }

    /// The checksum of what was appended since `beginChecksum`.
    func endChecksum() throws(IndexError) -> UInt32 {
        try flush()
        return checksum.value
    }

    /// Writes what is left and waits until it is on the disk.
    func finish() throws(IndexError) {
        try flush()
        guard fsync(file) == 0 || errno == EINVAL else {
            throw FileError.system("cannot make it durable", path, errno)
        }
    }

    private func flush() throws(IndexError) {
        checksum.update(buffer.span.bytes)
        var written = 0
        while written < buffer.count {
            let start = written
            // Safe: the pointer is used during the call only, within the array's bytes.
            let result = unsafe buffer.withUnsafeBytes { bytes in
                unsafe write(file, bytes.baseAddress.map { unsafe $0 + start }, bytes.count - start)
            }
            if result < 0 {
                if errno == EINTR { continue }
                throw FileError.system("cannot write to it", path, errno)
            }
            written += result
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
