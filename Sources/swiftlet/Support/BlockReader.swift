/// Reads a file, or the standard input, in blocks of whole lines with bounded memory.
///
/// Lines are as `LineReader` gives them: too long ones are cut, so that the build reports them.
struct BlockReader {
    private var lines: LineReader
    private static let blockBytes = 1 << 20

    /// - Parameter path: `-` is the standard input.
    /// - Throws: `CommandFailure` if it cannot be opened.
    init(path: String, longestLine limit: Int) throws(CommandFailure) {
        lines = try LineReader(path: path, longestLine: limit)
    }

    /// The name for messages.
    var name: String { lines.name }
    /// The size in bytes; nil for a pipe.
    var size: Int? { lines.size }
    /// Bytes read so far.
    var bytesRead: Int { lines.bytesRead }

    /// The next lines, the last of the input with or without its line feed; nil at the end.
    mutating func nextBlock() throws(CommandFailure) -> [UInt8]? {
        var bytes: [UInt8] = []
        // The chunk that passes the limit is part of it.
        bytes.reserveCapacity(2 * Self.blockBytes)
        while bytes.count < Self.blockBytes {
            if let whole = lines.takeWholeLines() {
                bytes += whole
                continue
            }
            guard let line = try lines.nextLine() else { break }
            bytes += line
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes.isEmpty ? nil : bytes
    }
}
