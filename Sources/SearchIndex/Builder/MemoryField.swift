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
        let stretches: [SortedTokens.Stretch]
        /// The documents by the numbers that length codes stand by.
        let numbers: Range<Int>

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
            [part], documents: [documents], part.placement,
            slices: [
                Slice(stretches: [.init(run: 0, documents: 0..<UInt32(count))], numbers: 0..<count)
            ],
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
            slices: Self.slices(places, count: max(1, threads)), isJoint: true, threads: threads)
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
        tokenEstimate = made.reduce(0) { $0 + $1.0.tokens.count }
        lengthCodes = made.flatMap(\.1.codes)
        lengthSum = made.reduce(0) { $0 + $1.1.sum }
    }

    /// Cuts documents into `count` slices of about equal size.
    private static func slices(
        _ places: [PlacementPlan.Place], count: Int
    ) -> [Slice] {
        (0..<count).map { slice in
            var stretches: [SortedTokens.Stretch] = []
            let range = places.count * slice / count..<places.count * (slice + 1) / count
            for place in places[range] {
                if let last = stretches.last, last.run == Int(place.source) {
                    let first = last.documents.lowerBound
                    stretches[stretches.count - 1].documents = first..<place.document + 1
                } else {
                    stretches.append(
                        .init(
                            run: Int(place.source),
                            documents: place.document..<place.document + 1))
                }
            }
            return Slice(stretches: stretches, numbers: range)
        }
    }

    func tokenCount() -> UInt64 { lengthSum }

    func splitTerms(parts count: Int) -> [TermBytes] {
        var splits: [TermBytes] = []
        var passed = 0
        for (place, number) in terms.order.enumerated() {
            if passed * count >= tokenEstimate * (splits.count + 1), splits.count + 1 < count {
                splits.append(bytes(of: number))
            }
            for slice in slices { passed += slice.range(of: place).count }
        }
        return splits
    }

    func terms(from first: TermBytes?) -> any TermStream {
        var low = 0
        var high = first == nil ? 0 : terms.order.count
        while low < high, let first {
            let middle = low + (high - low) / 2
            let isBelow = terms.withBytes(of: terms.order[middle]) {
                BytesOrder.compare($0, first.span) < 0
            }
            if isBelow { low = middle + 1 } else { high = middle }
        }
        return MemoryTerms(self, at: low)
    }

    private func bytes(of number: UInt32) -> TermBytes {
        terms.withBytes(of: number) { bytes in
            var copy: TermBytes = []
            copy.append(copying: bytes)
            return copy
        }
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
        guard place < field.terms.order.count else { return term = nil }
        term?.removeAll(keepingCapacity: true)
        field.terms.withBytes(of: field.terms.order[place]) { term?.append(copying: $0) }
    }

    func collect(into terms: inout [PostingsWriter.Term]) {
        for index in field.slices.indices {
            let range = field.slices[index].range(of: place)
            let tokens = field.slices[index].tokens
            if field.placement.segments == nil {
                collect(tokens.span.extracting(range), into: &terms[0]) { $0 }
            } else {
                collect(tokens, range, into: &terms)
            }
        }
    }

    /// Makes postings for several new segments.
    private func collect(
        _ tokens: [UInt64], _ range: Range<Int>, into terms: inout [PostingsWriter.Term]
    ) {
        let placement = field.placement
        var start = range.lowerBound
        while start < range.upperBound {
            let document = tokens[start] >> 32
            var end = start + 1
            while end < range.upperBound, tokens[end] >> 32 == document { end += 1 }
            let segment = placement.segment(of: Int(document))
            collect(tokens.span.extracting(start..<end), into: &terms[segment]) {
                placement.numbers[Int($0)]
            }
            start = end
        }
    }

    /// Makes postings of sorted tokens: one for each document, its positions as differences.
    ///
    /// - Parameter number: Gives a document's number in the new segment.
    @inline(__always)
    private func collect(
        _ tokens: Span<UInt64>, into term: inout PostingsWriter.Term,
        _ number: (_ document: UInt32) -> UInt32
    ) {
        let hasPositions = field.hasPositions
        term.append(postings: tokens.count, positions: hasPositions ? tokens.count : 0) {
            (documents, frequencies, positions) in
            var index = 0
            while index < tokens.count {
                let document = tokens[index] >> 32
                let first = index
                var previous: UInt32 = 0
                while index < tokens.count, tokens[index] >> 32 == document {
                    let position = UInt32(truncatingIfNeeded: tokens[index])
                    if hasPositions { positions.append(position &- previous) }
                    previous = position
                    index += 1
                }
                documents.append(number(UInt32(document)))
                frequencies.append(UInt32(index - first))
            }
        }
    }
}
