import Foundation

/// Query texts from a file of lines `id<TAB>text`.
enum Queries {
    /// - Throws: `BenchmarkError` naming the first line that is malformed, or an empty file.
    static func read(_ path: String, atMost limit: Int) throws -> [String] {
        var texts: [String] = []
        let file = try String(contentsOfFile: path, encoding: .utf8)
        for (number, line) in file.split(separator: "\n").prefix(limit).enumerated() {
            guard let tab = line.firstIndex(of: "\t") else {
                throw BenchmarkError("\(path): line \(number + 1) is no `id<TAB>text`")
            }
            texts.append(String(line[line.index(after: tab)...]))
        }
        guard !texts.isEmpty else { throw BenchmarkError("\(path) holds no query") }
        return texts
    }
}
