/// Checks that terms, postings, positions and lengths of a field fit together.
struct FieldVerifier {
    private let field: FieldReader
    /// The tokens of each document that postings account for.
    private var lengths: [UInt64]
    private let lengthCodes: [UInt8]
    private var bounds: BoundsVerifier
    private var postingsEnd = 0
    private var positionsEnd = 0

    init(_ field: FieldReader) {
        self.field = field
        lengths = [UInt64](repeating: 0, count: field.documentCount)
        let codes = field.withLengthCodes { codes in
            var copy: [UInt8] = []
            copy.append(copying: codes)
            return copy
        }
        lengthCodes = codes
        bounds = BoundsVerifier(norms: field.buildNorms, lengthCodes: codes)
    }

    /// Decodes everything; throws the first problem.
    consuming func verify() throws(IndexError) {
        var previous: TermBytes?
        for block in 0..<field.dictionary.blockCount {
            var entries: [(term: TermBytes, entry: TermEntry)] = []
            try field.dictionary.visitBlock(block) { term, entry in
                var copy: TermBytes = []
                copy.append(copying: term)
                entries.append((copy, entry))
                return true
            }
            if let first = entries.first,
                try field.dictionary.key(ofBlock: block) != TermDictionary.key(first.term.span)
            {
                throw field.dictionary.index.corrupt(
                    Malformed(
                        at: SegmentFormat.termIndexEntryBytes * block,
                        expected: "the first bytes of the block's first term"))
            }
            for (term, entry) in entries {
                if let previous, BytesOrder.compare(previous.span, term.span) >= 0 {
                    throw field.dictionary.terms.corrupt(
                        Malformed(
                            at: try field.dictionary.blockStart(block),
                            expected: "ascending terms"))
                }
                previous = term
                try verifyPostings(entry)
            }
        }
        try verifyEnds()
        try verifyLengths()
    }

    private mutating func verifyPostings(_ entry: TermEntry) throws(IndexError) {
        guard entry.postings.lowerBound == postingsEnd,
            entry.positions.isEmpty || entry.positions.lowerBound == positionsEnd
        else {
            throw field.postings.corrupt(
                Malformed(at: entry.postings.lowerBound, expected: "postings without gaps"))
        }
        postingsEnd = entry.postings.upperBound
        if field.hasPositions { positionsEnd = entry.positions.upperBound }
        var cursor = try field.postings(entry)
        let termBounds = try cursor.termBounds()
        try check(entry) { (bounds) throws(Malformed) in try bounds.begin(termBounds) }
        var positions: [UInt32] = []
        while try cursor.nextBlock() {
            if cursor.blockCount > 1 {
                let blockBounds = try cursor.bounds(ofBlock: cursor.block)
                try check(entry) { (bounds) throws(Malformed) in
                    try bounds.verifyBlock(cursor, blockBounds, termBounds)
                }
            }
            for index in 0..<cursor.count {
                let frequency = cursor.frequencies[index]
                lengths[Int(cursor.documents[index])] += UInt64(frequency)
                positions.removeAll(keepingCapacity: true)
                try cursor.appendPositions(ofPosting: index, to: &positions)
                try verifyPositions(positions, frequency, entry)
            }
        }
        guard cursor.blockCount > 1 else { return }
        // Blocks were compared with the bits in their spans; none may be set behind the last.
        let bits = try cursor.bitmapCount() ?? cursor.documentFrequency
        guard bits == cursor.documentFrequency else {
            throw field.postings.corrupt(
                Malformed(
                    at: entry.postings.lowerBound,
                    expected: "a bitmap of \(cursor.documentFrequency) documents",
                    found: "\(bits)"))
        }
        let ranked = try cursor.ranked()
        try check(entry) { (bounds) throws(Malformed) in try bounds.verifyRanks(ranked) }
    }

    /// Runs a step of the bounds' verifier on the list of a term.
    private mutating func check(
        _ entry: TermEntry, _ step: (inout BoundsVerifier) throws(Malformed) -> Void
    ) throws(IndexError) {
        do throws(Malformed) {
            try step(&bounds)
        } catch {
            throw field.postings.corrupt(
                Malformed(
                    at: entry.postings.lowerBound, expected: error.expected, found: error.found))
        }
    }

    private func verifyPositions(
        _ positions: [UInt32], _ frequency: UInt32, _ entry: TermEntry
    ) throws(IndexError) {
        guard let section = field.positions else { return }
        var ascends = positions.count == Int(frequency)
        for index in positions.indices.dropFirst() where positions[index] <= positions[index - 1] {
            ascends = false
        }
        guard ascends, positions.last.map({ $0 <= SegmentFormat.maximumPosition }) ?? false else {
            throw section.corrupt(
                Malformed(at: entry.positions.lowerBound, expected: "ascending positions"))
        }
    }

    private func verifyEnds() throws(IndexError) {
        guard postingsEnd == field.postings.count else {
            throw field.postings.corrupt(
                Malformed(at: postingsEnd, expected: "the end of the section"))
        }
        if let positions = field.positions, positionsEnd != positions.count {
            throw positions.corrupt(
                Malformed(at: positionsEnd, expected: "the end of the section"))
        }
    }

    private func verifyLengths() throws(IndexError) {
        var total: UInt64 = 0
        for (document, count) in lengths.enumerated() {
            let length = field.kind != .text ? min(1, count) : count
            total += length
            let code = LengthCode(length: UInt32(clamping: length))
            guard code.rawValue == lengthCodes[document] else {
                throw field.lengths.corrupt(
                    Malformed(
                        at: document, expected: "code \(code.rawValue)",
                        found: "\(lengthCodes[document])"))
            }
        }
        guard total == field.tokenCount else {
            throw field.lengths.corrupt(
                Malformed(
                    at: 0, expected: "\(field.tokenCount) tokens in all", found: "\(total)"))
        }
    }
}
