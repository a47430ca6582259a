@testable import SearchIndex

/// Takes any bytes through an analyzer.
enum TextFuzzer {
    private static let analyzers: [Analyzer] = Analyzer.builtIn + chains

    /// Tokenizers with parameters, and filters that change or drop terms.
    private static let chains: [Analyzer] = {
        var chains: [Analyzer?] = []
        if let shape = GramShape(minimum: 1, maximum: 3) {
            chains.append(
                try? Analyzer(
                    name: "grams", tokenizer: .ngram(shape), filters: [.lowercase, .asciiFolding]))
            chains.append(
                try? Analyzer(name: "starts", tokenizer: .edgeNgram(shape), filters: [.lowercase]))
        }
        if let english = StemmerLanguage("english") {
            chains.append(
                try? Analyzer(
                    name: "english", tokenizer: .standard,
                    filters: [.lowercase, .asciiFolding, .stem(english)]))
        }
        return chains.compactMap(\.self)
    }()

    /// The first byte chooses the analyzer, the rest is the text.
    ///
    /// - Throws: `FuzzFinding` when a token is not of the text, or no UTF-8.
    static func run(_ input: [UInt8]) throws {
        let text = Array(input.dropFirst())
        let analyzer = analyzers[Int(input.first ?? 0) % analyzers.count]
        var position: UInt32 = 0
        for token in analyzer.tokens(of: text.span) {
            guard token.byteRange.lowerBound >= 0, token.byteRange.upperBound <= text.count else {
                throw FuzzFinding("\(analyzer.name): bytes \(token.byteRange) of \(text.count)")
            }
            guard String(validating: token.term, as: UTF8.self) != nil else {
                throw FuzzFinding("\(analyzer.name): a term that is no UTF-8: \(token.term)")
            }
            guard token.position >= position else {
                throw FuzzFinding("\(analyzer.name): position \(token.position) < \(position)")
            }
            position = token.position
        }
    }
}
