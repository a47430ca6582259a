/// Reads a file, or the standard input, in blocks of whole lines with bounded memory.
///
/// Lines are as `LineReader` gives them: too long ones are cut, so that the build reports them.
struct BlockReader {
    private var lines: LineReader
    /// The block given last, whose memory serves again if nobody else has it any more.
    private var block: [UInt8] = []
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
        try lines.read(atLeastBytes: Self.blockBytes)
        if lines.takeWholeLines(&block) { return block }
        // The last line, or lines that may be too long.
        var bytes: [UInt8] = []
        while bytes.count < Self.blockBytes, let line = try lines.nextLine() {
            bytes += line
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes.isEmpty ? nil : bytes
    }
}
