import Testing

@testable import SearchIndex

extension ScratchFolder {
    /// A dictionary of ascending terms, each with entries that its number gives.
    func dictionary(_ terms: [[UInt8]]) throws -> TermDictionary {
        var writer = TermDictionaryWriter()
        for (number, term) in terms.enumerated() {
            writer.append(
                term.span,
                TermDictionaryWriter.Entry(
                    documentFrequency: UInt32(number % 50 + 1),
                    globalDocumentFrequency: UInt64(number + 100),
                    postingsBytes: number % 7, positionsBytes: number % 3))
        }
        try write(writer.terms, to: path + "/terms")
        try write(writer.index, to: path + "/index")
        let (terms, index) = (
            try MappedFile(path: path + "/terms"),
            try MappedFile(path: path + "/index")
        )
        return TermDictionary(
            terms: try #require(
                FileSection(
                    terms, name: "terms", byteOffset: 0, byteCount: UInt64(terms.byteCount))),
            index: try #require(
                FileSection(
                    index, name: "index", byteOffset: 0, byteCount: UInt64(index.byteCount))),
            termCount: writer.termCount,
            limits: TermDictionary.Limits(
                documentCount: 50, postingsBytes: 7 * writer.termCount,
                positionsBytes: 3 * writer.termCount))
    }
}
