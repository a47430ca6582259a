/// Whole lines of an input.
struct InputBlock: Sendable {
    /// The lines; the last may lack its line feed.
    let bytes: [UInt8]
    /// The input's name, for errors.
    let file: String
    /// The number of the first line in the input, from 1.
    let firstLine: Int
    /// The order key of the first line.
    let firstKey: UInt64

    /// Adds the lines to a run.
    ///
    /// - Parameter stopsAtBadLine: Whether lines after the first bad one are left out.
    /// - Returns: The lines that are no documents, in order.
    func add(to run: inout RunBuilder, stopsAtBadLine: Bool) -> [BadLine] {
        var bad: [BadLine] = []
        var start = 0
        var line = 0
        let span = bytes.span
        while start < span.count {
            let end = span.nextOffset(of: UInt8(ascii: "\n"), from: start)
            do throws(DocumentProblem) {
                try run.add(
                    span.extracting(start..<end), key: OrderKey(firstKey + UInt64(line)))
            } catch {
                bad.append(
                    BadLine(
                        file: file, line: firstLine + line, byteOffset: error.byteOffset,
                        reason: error.reason))
                if stopsAtBadLine { return bad }
            }
            line += 1
            start = end + 1
        }
        return bad
    }

    /// How many lines there are; linear in the bytes.
    static func lineCount(_ bytes: [UInt8]) -> Int {
        let isCut = bytes.last.map { $0 != UInt8(ascii: "\n") } ?? false
        return LineFeeds.count(in: bytes.span) + (isCut ? 1 : 0)
    }
}
