// Terms and phrases, scored by BM25.
extension DocumentExplainer {
    /// A term as the document holds it.
    private struct Held {
        let term: [UInt8]
        let entry: TermEntry
        let frequency: UInt32
        /// Ascending; empty in a field without positions.
        let positions: [UInt32]
    }

    mutating func explain(_ query: TermQuery) throws(SearchError) -> Result {
        let name = Self.name(query.field, query.term)
        guard let field = segment.field(named: query.field),
            let held = try held(query.term, in: field)
        else { return .noMatch("term \(name): the document does not hold it") }
        return score(
            "term \(name)", [held], field, boost: query.boost, frequency: held.frequency,
            frequencyText: "occurrences in the document")
    }

    mutating func explain(_ query: PhraseQuery) throws(SearchError) -> Result {
        let words = query.terms.map { String(decoding: $0.term, as: UTF8.self) }
        var name = "phrase \(query.field):\"\(words.joined(separator: " "))\""
        if query.slop > 0 { name += "~\(query.slop)" }
        guard let field = segment.field(named: query.field) else {
            return .noMatch("\(name): the document does not hold it")
        }
        var terms: [Held] = []
        for (term, word) in zip(query.terms, words) {
            try meter.spend(1)
            guard let held = try held(term.term, in: field) else {
                return .noMatch("\(name): the document does not hold \"\(word)\"")
            }
            terms.append(held)
        }
        let first = query.terms.first?.position ?? 0
        var counter = PhraseCounter(slop: query.slop)
        for (index, term) in query.terms.enumerated() {
            let offset = term.position &- first
            if index == 0 {
                counter.begin(terms[index].positions, offset: offset)
            } else {
                counter.narrow(terms[index].positions, offset: offset)
            }
        }
        guard counter.count > 0 else {
            return .noMatch("\(name): the document holds all terms, but never so near")
        }
        return score(
            name, terms, field, boost: query.boost, frequency: counter.count,
            frequencyText: "occurrences of the phrase in the document")
    }

    /// The term in the document; nil if the document does not hold it.
    private func held(_ term: [UInt8], in field: FieldReader) throws(SearchError) -> Held? {
        try SearchError.wrapping { () throws(IndexError) in
            guard let entry = try field.lookup(term) else { return nil }
            var cursor = try field.postings(entry)
            guard try cursor.seekBlock(document),
                let place = DocumentSet.firstIndex(
                    in: Array(cursor.documents[..<cursor.count]), notBelow: document.rawValue),
                cursor.documents[place] == document.rawValue
            else { return nil }
            var positions: [UInt32] = []
            try cursor.appendPositions(ofPosting: place, to: &positions)
            return Held(
                term: term, entry: entry, frequency: cursor.frequencies[place],
                positions: positions)
        }
    }

    private func score(
        _ name: String, _ terms: [Held], _ field: FieldReader, boost: Float, frequency: UInt32,
        frequencyText: String
    ) -> Result {
        let code = field.withLengthCodes { LengthCode(rawValue: $0[Int(document.rawValue)]) }
        let table = norms.table(of: field.name)
        let parameters = table.parameters
        let norm = table.norms[Int(code.rawValue)]
        let idfs = terms.map { idfNode($0, in: field.name) }
        let idf = Self.sum(idfs.compactMap(\.score))
        let weight = BM25.weight(
            boost: boost, inverseDocumentFrequency: idf, k1: parameters.k1)
        let idfTree =
            idfs.count == 1
            ? idfs[0] : Explanation(.score(idf), "idf, sum over the phrase's terms", idfs)
        return .leaf(
            BM25.contribution(weight: weight, frequency: frequency, norm: norm),
            "\(name): weight * frequency / (frequency + norm)",
            [
                Explanation(
                    .score(weight), "weight, boost * idf * (1 + k1)",
                    [Explanation(.score(boost), "boost"), idfTree]),
                Explanation(.count(UInt64(frequency)), "frequency, \(frequencyText)"),
                Explanation(
                    .score(norm), "norm, k1 * (1 - b + b * length / average length)",
                    [
                        Explanation(.score(parameters.k1), "k1"),
                        Explanation(.score(parameters.b), "b"),
                        Explanation(
                            .count(UInt64(code.length)), "length in tokens, as one byte keeps it"),
                        Explanation(
                            .parameter(parameters.averageLength), "average length in tokens"),
                    ]),
            ])
    }

    private func idfNode(_ held: Held, in field: String) -> Explanation {
        let documents = norms.statistics.documents
        let frequency = held.entry.globalDocumentFrequency
        return Explanation(
            .score(
                BM25.inverseDocumentFrequency(documents: documents, frequency: frequency)),
            "idf of \(Self.name(field, held.term)), ln(1 + (N - n + 0.5) / (n + 0.5))",
            [
                Explanation(.count(documents), "N, documents in the index"),
                Explanation(.count(frequency), "n, documents that hold the term"),
            ])
    }

    static func name(_ field: String, _ term: [UInt8]) -> String {
        "\(field):\(String(decoding: term, as: UTF8.self))"
    }
}
