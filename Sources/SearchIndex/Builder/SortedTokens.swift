/// Tokens of consecutive documents, sorted by term: of one term in the order of the documents.
struct SortedTokens: Sendable {
    /// Documents of one run that follow one another in the new order, but for some left out.
    struct Stretch: Sendable {
        let run: Int
        /// As the run counts them.
        var documents: Range<UInt32>
    }

    /// They are a third of a build's memory, and getting it costs as much as the sorting: so they
    /// take 32 bits each where that is enough.
    enum Tokens: Sendable {
        case narrow([UInt32])
        case wide([UInt64])
    }

    /// Where the tokens of each term start, in the order of the terms; the last entry is their end.
    let starts: [UInt32]
    let tokens: Tokens
    let format: TokenFormat

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
        var input = Input(stretches: stretches, runs: runs, documents: documents, terms: terms)
        /// By number, where the term's next token goes; at first, how many there are.
        var places = [UInt32](repeating: 0, count: terms.numberCount)
        input.count(&places)
        var starts: [UInt32] = []
        starts.reserveCapacity(terms.count + 1)
        var total: UInt32 = 0
        for place in 0..<terms.count {
            let term = Int(terms.number(at: place))
            starts.append(total)
            let count = places[term]
            places[term] = total
            total += count
        }
        starts.append(total)
        self.starts = starts
        if let format = TokenFormat(stretches, of: runs, &input.documents) {
            tokens = .narrow(input.sorted(count: Int(total), &places, format))
            self.format = format
        } else {
            tokens = .wide(input.sorted(count: Int(total), &places, .wide))
            format = .wide
        }
    }

    /// How many tokens there are.
    var count: Int { starts.last.map { Int($0) } ?? 0 }

    /// Where the tokens of a term are, by its place in the order of terms.
    @inline(__always)
    func range(of place: Int) -> Range<Int> { Int(starts[place])..<Int(starts[place + 1]) }

    /// What is sorted.
    private struct Input {
        let stretches: [Stretch]
        let runs: [FieldTokens]
        /// What stands for each document of each run.
        var documents: [[UInt32]]
        let terms: RunTerms

        /// Counts the tokens by term.
        func count(_ counts: inout [UInt32]) {
            var counts = counts.mutableSpan
            for stretch in stretches {
                runs[stretch.run].count(
                    stretch.documents, documents: documents[stretch.run],
                    terms: terms.numbers[stretch.run], &counts)
            }
        }

        /// The tokens, those of each term from its place on.
        func sorted<Token: UnsignedInteger & FixedWidthInteger>(
            count: Int, _ places: inout [UInt32], _ format: TokenFormat
        ) -> [Token] {
            var tokens = [Token](repeating: 0, count: count)
            var output = tokens.mutableSpan
            var next = places.mutableSpan
            for stretch in stretches {
                runs[stretch.run].sort(
                    stretch.documents, documents: documents[stretch.run],
                    terms: terms.numbers[stretch.run], &next, into: &output, format)
            }
            return tokens
        }
    }
}
