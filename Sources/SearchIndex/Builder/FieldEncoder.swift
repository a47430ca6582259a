/// Encodes one field of one shard: counting sort of its tokens by term, then term by term.
struct FieldEncoder {
    /// The sections of a field.
    struct Sections {
        var terms: [UInt8] = []
        var termIndex: [UInt8] = []
        var postings: [UInt8] = []
        var positions: [UInt8] = []
        var lengths: [UInt8] = []
        var termCount: UInt32 = 0
    }

    private let field: SealedField
    private let tokens: FieldTokens
    private let liveNumbers: [UInt32?]
    private let hasPositions: Bool
    private let norms: NormParameters
    /// Where the tokens of each term start in the sorted arrays; the last entry is their end.
    private var starts: [Int]
    private var sortedDocuments: [UInt32] = []
    private var sortedPositions: [UInt32] = []

    init(
        _ field: SealedField, shard: Int, liveNumbers: [UInt32?], norms: NormParameters
    ) {
        self.norms = norms
        self.field = field
        self.liveNumbers = liveNumbers
        tokens = field.data.shards[shard]
        hasPositions = field.data.field.kind == .text
        starts = [Int](repeating: 0, count: field.data.terms.count + 1)
    }

    /// The field's sections, or nil when a term has more than a segment can hold.
    mutating func encode(documentCount: Int) -> Sections? {
        var sections = Sections()
        sections.lengths = lengthCodes(documentCount)
        sortByTerm()
        var dictionary = TermDictionaryWriter()
        var writer = PostingsWriter(hasPositions: hasPositions, norms: norms)
        var term = PostingsWriter.Term()
        var postings: [UInt8] = []
        var positions: [UInt8] = []
        for number in field.termOrder {
            let range = starts[Int(number)]..<starts[Int(number) + 1]
            if range.isEmpty { continue }
            collect(range, into: &term)
            let sizes = (postings.count, positions.count)
            guard
                writer.append(
                    term, lengthCodes: sections.lengths.span, postings: &postings,
                    positions: &positions)
            else { return nil }
            let entry = TermDictionaryWriter.Entry(
                documentFrequency: UInt32(term.documents.count),
                globalDocumentFrequency: field.globalFrequencies[Int(number)],
                postingsBytes: postings.count - sizes.0,
                positionsBytes: hasPositions ? positions.count - sizes.1 : nil)
            field.data.terms.withBytes(of: number) { dictionary.append($0, entry) }
        }
        sections.postings = postings
        sections.positions = positions
        sections.terms = dictionary.terms
        sections.termIndex = dictionary.index
        sections.termCount = UInt32(dictionary.termCount)
        return sections
    }

    private func lengthCodes(_ documentCount: Int) -> [UInt8] {
        var codes = [UInt8](repeating: 0, count: documentCount)
        for (index, document) in tokens.documents.enumerated() {
            guard let number = liveNumbers[Int(document)] else { continue }
            let length = SealedField.length(tokens.tokens(at: index).count, field.data.field)
            codes[Int(number)] = LengthCode(length: length).rawValue
        }
        return codes
    }

    /// Sorts the tokens of live documents by term; within a term they stay in input order.
    private mutating func sortByTerm() {
        for (index, document) in tokens.documents.enumerated()
        where liveNumbers[Int(document)] != nil {
            for token in tokens.tokens(at: index) { starts[Int(tokens.terms[token])] += 1 }
        }
        var total = 0
        for term in starts.indices {
            let count = starts[term]
            starts[term] = total
            total += count
        }
        var next = starts
        sortedDocuments = [UInt32](repeating: 0, count: total)
        sortedPositions = [UInt32](repeating: 0, count: hasPositions ? total : 0)
        for (index, document) in tokens.documents.enumerated() {
            guard let number = liveNumbers[Int(document)] else { continue }
            for token in tokens.tokens(at: index) {
                let term = Int(tokens.terms[token])
                sortedDocuments[next[term]] = number
                if hasPositions { sortedPositions[next[term]] = tokens.positions[token] }
                next[term] += 1
            }
        }
    }

    /// Gathers a term's tokens into postings with positions as differences.
    private func collect(_ range: Range<Int>, into term: inout PostingsWriter.Term) {
        term.removeAll()
        var previous: UInt32 = 0
        for place in range {
            let document = sortedDocuments[place]
            if term.documents.last == document {
                term.frequencies[term.frequencies.count - 1] += 1
            } else {
                term.documents.append(document)
                term.frequencies.append(1)
                previous = 0
            }
            if hasPositions {
                term.positions.append(sortedPositions[place] - previous)
                previous = sortedPositions[place]
            }
        }
    }
}
