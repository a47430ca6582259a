import Foundation

/// The part of a text file between two marker lines, which a program may rewrite.
struct MarkedSection {
    let begin: String
    let end: String

    /// - Parameter name: as it stands in both markers.
    init(_ name: String) {
        begin = "<!-- \(name): begin -->\n"
        end = "<!-- \(name): end -->\n"
    }

    /// The text with `content` between the markers.
    ///
    /// - Throws: `BenchmarkError` unless each marker is there once, in order.
    func replacing(in text: String, with content: String) throws(BenchmarkError) -> String {
        let opened = text.components(separatedBy: begin)
        guard opened.count == 2 else {
            throw BenchmarkError("expected one line \(begin.dropLast()), found \(opened.count - 1)")
        }
        let closed = opened[1].components(separatedBy: end)
        guard closed.count == 2 else {
            throw BenchmarkError(
                "expected one line \(end.dropLast()) after \(begin.dropLast()), found "
                    + "\(closed.count - 1)")
        }
        return opened[0] + begin + content + end + closed[1]
    }

    /// Rewrites the part of a file.
    func replace(inFile path: String, with content: String) throws {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try replacing(in: text, with: content)
            .write(toFile: path, atomically: true, encoding: .utf8)
    }
}
