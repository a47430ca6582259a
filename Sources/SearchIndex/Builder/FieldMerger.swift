/// Makes the postings of one field for new segments: the terms of all sources in byte order.
struct FieldMerger: Sendable {
    /// The terms from one on and up to another.
    struct Part: Sendable {
        let first: TermBytes?
        let end: TermBytes?
        /// About how many tokens they have.
        let tokens: Int
    }

    /// The field in each source that has it.
    let inputs: [any MergeField]
    let hasPositions: Bool
    /// What bounds of scores are computed with: the parameters of the whole index.
    let norms: NormParameters
    /// The length codes of each new segment, one per document.
    let lengthCodes: [[UInt8]]

    /// - Parameter counts: The documents of each new segment.
    init(
        _ inputs: [any MergeField], of field: Field, documentCounts counts: [Int]
    ) throws(IndexError) {
        var tokens: UInt64 = 0
        for input in inputs { tokens += try input.tokenCount() }
        norms = NormParameters(
            tokens: tokens, documents: counts.reduce(0) { $0 + UInt64($1) }, field.bm25)
        self.inputs = inputs
        hasPositions = field.kind == .text
        var codes = counts.map { [UInt8](repeating: 0, count: $0) }
        for input in inputs {
            let (own, placement) = (input.lengthCodes, input.placement)
            for (document, number) in placement.numbers.enumerated()
            where number != DocumentPlacement.dropped {
                codes[placement.segment(of: document)][Int(number)] = own[document]
            }
        }
        lengthCodes = codes
    }

    /// Cuts the terms into parts of about equal work, at most `tokens` tokens each.
    func parts(tokens limit: Int, atLeast count: Int) throws(IndexError) -> [Part] {
        let largest = inputs.max { $0.tokenEstimate < $1.tokenEstimate }
        guard let largest else { return [] }
        let total = inputs.reduce(0) { $0 + $1.tokenEstimate }
        let parts = max(total < 10_000 ? 1 : count, total / max(1, limit))
        var result: [Part] = []
        var first: TermBytes?
        for split in try largest.splitTerms(parts: parts) {
            result.append(Part(first: first, end: split, tokens: total / parts))
            first = split
        }
        result.append(Part(first: first, end: nil, tokens: total / parts))
        return result
    }

    /// Encodes the postings of a part's terms.
    func merge(_ part: Part) throws(IndexError) -> MergedTerms {
        var streams: [any TermStream] = []
        for input in inputs { streams.append(try input.terms(from: part.first)) }
        var output = MergedTerms(
            segments: lengthCodes.count, tokens: part.tokens, hasPositions: hasPositions)
        var writer = PostingsWriter(hasPositions: hasPositions, norms: norms)
        var gathered = [PostingsWriter.Term](
            repeating: PostingsWriter.Term(), count: lengthCodes.count)
        var merger = PostingsMerger(segments: lengthCodes.count, hasPositions: hasPositions)
        if streams.count == 1, let stream = streams.first {
            // Nothing is looked for, nor is the array asked for it.
            while let term = stream.term, Self.isBefore(term, part.end) {
                try stream.collect(into: &gathered)
                try output.append(term, &gathered, lengthCodes: lengthCodes, &writer)
                try stream.advance()
            }
            output.finish()
            return output
        }
        var holders: [Int] = []
        while Self.find(&holders, of: streams, before: part.end) {
            if holders.count == 1 {
                try streams[holders[0]].collect(into: &gathered)
            } else {
                for input in holders {
                    try streams[input].collect(into: &merger.incoming)
                    merger.take()
                }
                merger.merge(into: &gathered)
            }
            if let term = streams[holders[0]].term {
                try output.append(term, &gathered, lengthCodes: lengthCodes, &writer)
            }
            for input in holders { try streams[input].advance() }
        }
        output.finish()
        return output
    }

    /// Makes `holders` the streams that are at the lowest term of all; false when it is not before
    /// `end`, or there is none.
    private static func find(
        _ holders: inout [Int], of streams: [any TermStream], before end: TermBytes?
    ) -> Bool {
        var lowest: TermBytes?
        holders.removeAll(keepingCapacity: true)
        for (index, stream) in streams.enumerated() {
            guard let term = stream.term else { continue }
            let order = lowest.map { BytesOrder.compare(term.span, $0.span) } ?? -1
            if order < 0 {
                lowest = term
                holders.removeAll(keepingCapacity: true)
                holders.append(index)
            } else if order == 0 {
                holders.append(index)
            }
        }
        return lowest.map { isBefore($0, end) } ?? false
    }

    private static func isBefore(_ term: TermBytes, _ end: TermBytes?) -> Bool {
        end.map { BytesOrder.compare(term.span, $0.span) < 0 } ?? true
    }
}
