import Foundation

/// Documents and queries made from a fixed rule: the small mode's data, the same on every machine.
enum SyntheticData {
    static let documents = 400
    static let queries = 60

    /// Writes `documents.jsonl` and `queries.tsv` into a folder.
    ///
    /// Word `n` stands in every `n`-th document, so that queries have many and few hits, and each
    /// query has some.
    static func write(into folder: String) throws {
        var lines = ""
        for number in 1...documents {
            let words = (1...40).filter { number.isMultiple(of: $0) }.map { "word\($0)" }
            let text = (words + ["text", "number"] + words.reversed()).joined(separator: " ")
            lines +=
                #"{"id":"d\#(number)","title":"number \#(number % 17)","text":"\#(text)"}"# + "\n"
        }
        try lines.write(toFile: "\(folder)/documents.jsonl", atomically: true, encoding: .utf8)
        var texts = ""
        for number in 1...queries {
            let (one, other) = ("word\(number % 39 + 1)", "word\(number % 7 + 2)")
            let text =
                switch number % 4 {
                case 0: "\(one) AND word1"
                case 1: "\"text number\" \(other)"
                case 2: one
                default: "\(one) \(other) text"
                }
            texts += "q\(number)\t\(text)\n"
        }
        try texts.write(toFile: "\(folder)/queries.tsv", atomically: true, encoding: .utf8)
    }
}
