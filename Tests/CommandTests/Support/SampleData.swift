import TestSupport

/// Documents and queries of a small vocabulary, so that many documents match and scores tie.
struct SampleData {
    private var random: SeededRandom
    private let words = (0..<60).map { "word\($0)" }

    init(_ name: String) {
        random = .forTest(name)
    }

    /// JSON lines of documents.
    mutating func documents(_ count: Int) -> String {
        var lines = ""
        for number in 0..<count {
            let title = text(1...4)
            let body = text(3...30)
            lines += #"{"id":"d\#(number)","title":"\#(title)","body":"\#(body)"}"# + "\n"
        }
        return lines
    }

    /// Lines of an id, a tab and a query.
    mutating func queries(_ count: Int) -> String {
        var lines = ""
        for number in 0..<count { lines += "q\(number)\t\(query())\n" }
        return lines
    }

    mutating func query() -> String {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: "\"\(text(2...2))\""
        case 1: "\(word()) AND \(word())"
        case 2: "title:\(word()) \(word())"
        case 3: "\(word()) NOT \(word())"
        default: text(1...4)
        }
    }

    private mutating func text(_ lengths: ClosedRange<Int>) -> String {
        let length = Int.random(in: lengths, using: &random)
        return (0..<length).map { _ in word() }.joined(separator: " ")
    }

    /// Low numbers are more frequent.
    private mutating func word() -> String {
        let bound = Int.random(in: 1...words.count, using: &random)
        return words[Int.random(in: 0..<bound, using: &random)]
    }
}
