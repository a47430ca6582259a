/// Tokens of consecutive documents, sorted by term: of one term in the order of the documents.
struct SortedTokens: Sendable {
    /// Documents of one run that follow one another in the new order, but for some left out.
    struct Stretch: Sendable {
        let run: Int
        /// As the run counts them.
        var documents: Range<UInt32>
    }

    /// Where the tokens of each term start, in the order of the terms; the last entry is their end.
    let starts: [UInt32]
    /// Document and position of each token.
    let tokens: [UInt64]

    /// Sorts the tokens by counting: linear in their number and that of the terms.
    ///
    /// - Parameters:
    ///   - stretches: The documents, in order; they may have up to 2^32 - 1 tokens.
    ///   - runs: The tokens by run.
    ///   - documents: For each run what stands for each document, ascending;
    ///     `DocumentPlacement.dropped` leaves out its tokens.
    init(
        _ stretches: [Stretch], of runs: [FieldTokens], documents: [[UInt32]], _ terms: RunTerms
    ) {
        /// By number, where the term's next token goes; at first, how many there are.
        var places = [UInt32](repeating: 0, count: terms.order.count)
        var next = places.mutableSpan
        for stretch in stretches {
            runs[stretch.run].count(
                stretch.documents, documents: documents[stretch.run],
                terms: terms.numbers[stretch.run], &next)
        }
        var starts: [UInt32] = []
        starts.reserveCapacity(terms.order.count + 1)
        var total: UInt32 = 0
        for term in terms.order {
            starts.append(total)
            let count = next[Int(term)]
            next[Int(term)] = total
            total += count
        }
        starts.append(total)
        var tokens = [UInt64](repeating: 0, count: Int(total))
        var output = tokens.mutableSpan
        for stretch in stretches {
            runs[stretch.run].sort(
                stretch.documents, documents: documents[stretch.run],
                terms: terms.numbers[stretch.run], &next, into: &output)
        }
        self.starts = starts
        self.tokens = tokens
    }

    /// Where the tokens of a term are, by its place in the order of terms.
    @inline(__always)
    func range(of place: Int) -> Range<Int> { Int(starts[place])..<Int(starts[place + 1]) }
}
