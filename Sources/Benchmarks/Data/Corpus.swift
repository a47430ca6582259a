import Foundation

/// A file of documents, one JSON object a line.
struct Corpus: Sendable {
    let path: String
    let documents: Int
    let bytes: Int

    /// Counts the file's lines that hold anything.
    init(path: String) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        var count = 0
        var lineIsEmpty = true
        for byte in data {
            if byte == UInt8(ascii: "\n") {
                lineIsEmpty = true
            } else if lineIsEmpty {
                lineIsEmpty = false
                count += 1
            }
        }
        guard count > 0 else { throw BenchmarkError("\(path) holds no document") }
        self.path = path
        documents = count
        bytes = data.count
    }

    /// As in `63,000 documents (70.1 MB)`.
    var description: String {
        "\(documents.grouped) documents (\((Double(bytes) / 1e6).rounded3) MB)"
    }
}
