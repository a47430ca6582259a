/// A field of one or more runs with its tokens sorted by term.
struct MemoryField: MergeField {
    /// The field in one run.
    struct Part: Sendable {
        let data: FieldData
        /// Where the run's documents go.
        let placement: DocumentPlacement
    }

    /// Documents that a thread makes ready.
    private struct Slice: Sendable {
        private(set) var stretches: [SortedTokens.Stretch]
        /// The documents by the numbers that length codes stand by.
        private(set) var numbers: Range<Int>

        /// All documents of the only run.
        init(count: Int) {
            stretches = [.init(run: 0, documents: 0..<UInt32(count))]
            numbers = 0..<count
        }

        /// Some documents of a segment that is made from several runs.
        init(_ places: [PlacementPlan.Place], _ numbers: Range<Int>) {
            self.numbers = numbers
            stretches = []
            for place in places[numbers] {
                if let last = stretches.last, last.run == Int(place.source) {
                    let first = last.documents.lowerBound
                    stretches[stretches.count - 1].documents = first..<place.document + 1
                } else {
                    let document = place.document..<place.document + 1
                    stretches.append(.init(run: Int(place.source), documents: document))
                }
            }
        }

        /// Adds the documents that follow.
        mutating func append(_ next: Slice) {
            stretches += next.stretches
            numbers = numbers.lowerBound..<next.numbers.upperBound
        }

        /// How many tokens the documents have, with those of documents that are left out.
        func tokenCount(of runs: [FieldTokens]) -> Int {
            stretches.reduce(0) { $0 + runs[$1.run].count(of: $1.documents) }
        }

        /// The length codes of the documents, 0 for those that are left out, and the sum of the
        /// lengths of the others.
        ///
        /// - Parameter isJoint: Whether codes stand by new numbers, not by the only run's.
        func lengths(
            of runs: [FieldTokens], _ documents: [[UInt32]], isJoint: Bool, isText: Bool
        ) -> (codes: [UInt8], sum: UInt64) {
            var codes = [UInt8](repeating: 0, count: numbers.count)
            var sum: UInt64 = 0
            for stretch in stretches {
                let newNumbers = documents[stretch.run]
                runs[stretch.run].forEachDocument(in: stretch.documents) { document, terms, _ in
                    let number = newNumbers[Int(document)]
                    guard number != DocumentPlacement.dropped else { return }
                    let length = UInt32(clamping: isText ? terms.count : min(1, terms.count))
                    let place = isJoint ? Int(number) - numbers.lowerBound : Int(document)
                    codes[place] = LengthCode(length: length).rawValue
                    sum += UInt64(length)
                }
            }
            return (codes, sum)
        }
    }

    let lengthCodes: [UInt8]
    let placement: DocumentPlacement
    let tokenEstimate: Int
    fileprivate let terms: RunTerms
    /// The tokens of consecutive documents, in the order of these. A document has its new number
    /// where only one segment is made.
    fileprivate let slices: [SortedTokens]
    fileprivate let hasPositions: Bool
    private let lengthSum: UInt64

    /// The field in one run, for any number of new segments.
    ///
    /// Linear in the tokens, beside sorting the terms.
    init(_ part: Part) throws(IndexError) {
        let count = part.placement.numbers.count
        var documents = part.placement.numbers
        if part.placement.segments != nil {
            // Which segment a document goes to is found by its old number.
            for document in documents.indices
            where documents[document] != DocumentPlacement.dropped {
                documents[document] = UInt32(document)
            }
        }
        try self.init(
            [part], documents: [documents], part.placement, slices: [Slice(count: count)],
            isJoint: false, threads: 1)
    }

    /// The field in the runs that a single new segment is made from, by up to `threads` threads.
    ///
    /// Every thread sorts the tokens of one part of the segment, so that those of all runs stand in
    /// its order at once, and no postings are merged.
    ///
    /// - Parameter places: The segment's documents, whose sources are the runs.
    init(
        _ parts: [Part], _ places: [PlacementPlan.Place], threads: Int
    ) throws(IndexError) {
        try self.init(
            parts, documents: parts.map(\.placement.numbers),
            DocumentPlacement(numbers: Array(0..<UInt32(places.count))),
            slices: Self.slices(places, of: parts.map(\.data.tokens), count: max(1, threads)),
            isJoint: true, threads: threads)
    }

    private init(
        _ parts: [Part], documents: [[UInt32]], _ placement: DocumentPlacement,
        slices: [Slice], isJoint: Bool, threads: Int
    ) throws(IndexError) {
        let terms = try RunTerms(parts.map(\.data.terms), threads: threads)
        let tokens = parts.map(\.data.tokens)
        let isText = parts[0].data.field.kind == .text
        let made = try Parallel.map(slices, threads: threads) { (slice) throws(IndexError) in
            (
                SortedTokens(slice.stretches, of: tokens, documents: documents, terms),
                slice.lengths(of: tokens, documents, isJoint: isJoint, isText: isText)
            )
        }
        self.slices = made.map(\.0)
        self.terms = terms
        self.placement = placement
        hasPositions = isText
        tokenEstimate = made.reduce(0) { $0 + $1.0.count }
        lengthCodes = made.flatMap(\.1.codes)
        lengthSum = made.reduce(0) { $0 + $1.1.sum }
    }

    /// Cuts documents into up to `count` slices of about equally many tokens.
    private static func slices(
        _ places: [PlacementPlan.Place], of runs: [FieldTokens], count: Int
    ) -> [Slice] {
        let total = runs.reduce(0) { $0 + $1.count }
        var slices: [Slice] = []
        var passed = 0
        for start in stride(from: 0, to: places.count, by: 1024) {
            let next = Slice(places, start..<min(start + 1024, places.count))
            if slices.count < count, passed * count >= total * slices.count {
                slices.append(next)
            } else {
                slices[slices.count - 1].append(next)
            }
            passed += next.tokenCount(of: runs)
        }
        return slices
    }

    func tokenCount() -> UInt64 { lengthSum }

    func splitTerms(parts count: Int) -> [TermBytes] {
        var splits: [TermBytes] = []
        var passed = 0
        for place in 0..<terms.count {
            if passed * count >= tokenEstimate * (splits.count + 1), splits.count + 1 < count {
                splits.append([])
                terms.append(place, to: &splits[splits.count - 1])
            }
            for slice in slices { passed += slice.range(of: place).count }
        }
        return splits
    }

    func terms(from first: TermBytes?) -> any TermStream {
        guard let first else { return MemoryTerms(self, at: 0) }
        let place = (0..<terms.count).partitioningIndex { place in
            terms.withBytes(at: place) { BytesOrder.compare($0, first.span) >= 0 }
        }
        return MemoryTerms(self, at: place)
    }
}

/// The terms of a field in runs.
private final class MemoryTerms: TermStream {
    private(set) var term: TermBytes?
    private let field: MemoryField
    private var place: Int

    init(_ field: MemoryField, at place: Int) {
        self.field = field
        self.place = place
        term = []
        readTerm()
    }

    func advance() {
        place += 1
        readTerm()
    }

    /// Puts the term at `place` into `term`, whose memory it keeps.
    private func readTerm() {
        guard var next = term.take(), place < field.terms.count else { return }
        next.removeAll(keepingCapacity: true)
        field.terms.append(place, to: &next)
        term = next
    }

    func collect(into terms: inout [PostingsWriter.Term]) {
        for index in field.slices.indices {
            let range = field.slices[index].range(of: place)
            let format = field.slices[index].format
            switch field.slices[index].tokens {
            case .narrow(let tokens): collect(tokens.span.extracting(range), format, into: &terms)
            case .wide(let tokens): collect(tokens.span.extracting(range), format, into: &terms)
            }
        }
    }

    @inline(__always)
    private func collect<Token: UnsignedInteger & FixedWidthInteger>(
        _ tokens: Span<Token>, _ format: TokenFormat, into terms: inout [PostingsWriter.Term]
    ) {
        if field.placement.segments == nil {
            collect(tokens, format, into: &terms[0]) { $0 }
        } else {
            distribute(tokens, format, over: &terms)
        }
    }

    /// Makes postings for several new segments.
    private func distribute<Token: UnsignedInteger & FixedWidthInteger>(
        _ tokens: Span<Token>, _ format: TokenFormat, over terms: inout [PostingsWriter.Term]
    ) {
        let placement = field.placement
        var start = 0
        while start < tokens.count {
            let document = format.document(of: tokens[start])
            var end = start + 1
            while end < tokens.count, format.document(of: tokens[end]) == document { end += 1 }
            let segment = placement.segment(of: Int(document))
            collect(tokens.extracting(start..<end), format, into: &terms[segment]) {
                placement.numbers[Int($0)]
            }
            start = end
        }
    }

    /// Makes postings of sorted tokens: one for each document, its positions as differences.
    ///
    /// - Parameter number: Gives a document's number in the new segment.
    @inline(__always)
    private func collect<Token: UnsignedInteger & FixedWidthInteger>(
        _ tokens: Span<Token>, _ format: TokenFormat, into term: inout PostingsWriter.Term,
        _ number: (_ document: UInt32) -> UInt32
    ) {
        guard !tokens.isEmpty else { return }
        let hasPositions = field.hasPositions
        term.append(postings: tokens.count, positions: hasPositions ? tokens.count : 0) {
            (documents, frequencies, positions) in
            // Without a branch on whether a token is of a further document: nothing foretells it.
            var document = DocumentPlacement.dropped
            var previous: UInt32 = 0
            for index in tokens.indices {
                let origin = format.origin(of: format.place(of: tokens[index]))
                let position = origin.position &+ format.position(of: tokens[index])
                let isSame = origin.document == document
                if hasPositions { positions.append(position &- (isSame ? previous : 0)) }
                (document, previous) = (origin.document, position)
                documents.append(number(document))
                documents.removeLast(isSame ? 1 : 0)
                frequencies.append(UInt32(truncatingIfNeeded: index))
                frequencies.removeLast(isSame ? 1 : 0)
            }
            // So far they say where the documents start.
            var starts = frequencies.mutableSpan
            let last = starts.count - 1
            for place in 0..<last { starts[place] = starts[place + 1] &- starts[place] }
            starts[last] = UInt32(truncatingIfNeeded: tokens.count) &- starts[last]
        }
    }
}
