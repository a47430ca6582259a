import Foundation

/// A file with one query a line.
enum QueryFile {
    /// The longest query line, in bytes.
    private static let longestLine = 1 << 20

    /// The lines that are not blank; at least one.
    ///
    /// - Parameter path: `-` is the standard input.
    static func lines(of path: String) throws(CommandFailure) -> [String] {
        var reader = try LineReader(path: path, longestLine: longestLine)
        var lines: [String] = []
        while let line = try reader.nextLine() {
            let text = String(decoding: line, as: UTF8.self)
            if text.contains(where: { !$0.isWhitespace }) { lines.append(text) }
        }
        guard !lines.isEmpty else {
            throw CommandFailure(.badData, "\(reader.name): holds no query; expected one a line")
        }
        return lines
    }
}

extension Double {
    /// With one digit after the point, as benches print numbers.
    var tenths: String {
        formatted(
            .number.precision(.fractionLength(1)).grouping(.never).locale(Locale(identifier: "en")))
    }
}
