// Looking documents up.
extension TermList {
    /// The place of a candidate in its block when only its bitset tells.
    static let unknownPlace = 255

    /// Whether a list holds `document`; documents must be asked for in ascending order.
    mutating func contains(
        _ document: UInt32, _ bytes: Span<UInt8>
    ) throws(Malformed) -> Bool {
        guard try seekBlock(document, bytes) else { return false }
        if header.isBits {
            return CandidateKernels.place(of: document, in: bitset(bytes), bytes) >= 0
        }
        try decodeDocuments(bytes)
        return CandidateKernels.place(of: document, in: documents.span) >= 0
    }

    /// Keeps the candidates that the current block holds, as `CandidateKernels.keep` does.
    mutating func keep(
        _ step: CandidateKernels.Step, kept: Int, _ candidates: [UInt32], _ partial: [Float],
        _ alive: inout [Int], _ found: inout [Int], base: Int, _ bytes: Span<UInt8>
    ) throws(Malformed) -> (end: Int, kept: Int) {
        if header.isBits {
            let bitset = bitset(bytes)
            return CandidateKernels.keep(
                step, kept: kept, candidates, partial, &alive, &found, base: base
            ) { CandidateKernels.place(of: $0, in: bitset, bytes) }
        }
        try decodeDocuments(bytes)
        let values = documents.span
        return CandidateKernels.keep(
            step, kept: kept, candidates, partial, &alive, &found, base: base
        ) { CandidateKernels.place(of: $0, in: values) }
    }

    /// Looks up candidates that are not behind the current block's last document.
    ///
    /// For each of the first `count` of `slots` the place of `candidates[slot]` in the block, or -1,
    /// goes to the same index of `places`; in bitsets `unknownPlace` for all that are there.
    mutating func locate(
        _ candidates: [UInt32], _ slots: [Int], count: Int, _ bytes: Span<UInt8>,
        into places: inout [Int]
    ) throws(Malformed) {
        if header.isBits {
            let bitset = bitset(bytes)
            for index in 0..<count {
                places[index] = CandidateKernels.place(
                    of: candidates[slots[index]], in: bitset, bytes)
            }
        } else {
            try decodeDocuments(bytes)
            let values = documents.span
            for index in 0..<count {
                places[index] = CandidateKernels.place(of: candidates[slots[index]], in: values)
            }
        }
    }

    /// Whether a bit for each of the segment's documents tells whether the list holds it.
    var hasBitmap: Bool { resident != nil || layout.bitmapOffset != nil }

    /// The bits of all the list's documents in the file; nil for lists that have them in blocks only.
    var bitmap: CandidateKernels.Bitset? {
        layout.bitmapOffset.map {
            CandidateKernels.Bitset(
                start: $0, firstWord: 0, wordCount: (layout.documentLimit + 63) / 64)
        }
    }

    /// The bits of the current block.
    private func bitset(_ bytes: Span<UInt8>) -> CandidateKernels.Bitset {
        CandidateKernels.Bitset(
            start: header.documentsOffset,
            firstWord: layout.base(ofBlock: block, bytes) >> 6,
            wordCount: UInt32(header.documentWidth))
    }

    /// Puts places into `places` for documents whose place is unknown; all are in the block of the
    /// frequencies, ascending.
    mutating func rank(
        _ candidates: [UInt32], _ slots: [Int], count: Int, _ bytes: Span<UInt8>,
        into places: inout [Int]
    ) throws(Malformed) {
        guard frequencyHeader.isBits, !areSingle else { return }
        for index in 0..<count where places[index] >= 0 {
            places[index] = try rank(of: candidates[slots[index]], bytes)
        }
    }
}

// Sets of all documents.
extension TermList {
    /// A bit for each of the segment's documents: whether the term has it.
    mutating func allBits(
        _ bytes: Span<UInt8>, _ meter: inout WorkMeter
    ) throws(ListFailure) -> [UInt64] {
        if let resident {
            try meter.spendOrFail(resident.bits.count)
            return resident.bits
        }
        var words = [UInt64](repeating: 0, count: (Int(layout.documentLimit) + 63) / 64)
        try insertAll(into: &words, bytes, &meter)
        return words
    }

    /// Sets the bits of all the term's documents.
    mutating func insertAll(
        into words: inout [UInt64], _ bytes: Span<UInt8>, _ meter: inout WorkMeter
    ) throws(ListFailure) {
        if let resident {
            try meter.spendOrFail(words.count)
            var words = words.mutableSpan
            let bits = resident.bits
            return CandidateKernels.unite(&words, words.count, with: bits.span)
        }
        if let bitmap {
            try meter.spendOrFail(words.count)
            return Self.insert(bitmap, into: &words, bytes)
        }
        for number in 0..<blockCount {
            try meter.spendOrFail(BlockPacking.blockLength)
            do throws(Malformed) {
                try enter(number, bytes)
                if header.isBits {
                    try insertBits(into: &words, bytes)
                } else {
                    try decodeDocuments(bytes)
                    Self.insert(documents, count: count, into: &words)
                }
            } catch {
                throw .malformed(error)
            }
        }
        rewind()
    }

    private func insertBits(
        into words: inout [UInt64], _ bytes: Span<UInt8>
    ) throws(Malformed) {
        let bits = bitset(bytes)
        guard Int(bits.firstWord + bits.wordCount) <= words.count else {
            throw Malformed(at: header.documentsOffset, expected: "bits inside the segment")
        }
        Self.insert(bits, into: &words, bytes)
    }

    @inline(__always)
    private static func insert(
        _ bits: CandidateKernels.Bitset, into words: inout [UInt64], _ bytes: Span<UInt8>
    ) {
        var words = words.mutableSpan
        let first = Int(bits.firstWord)
        for index in 0..<Int(bits.wordCount) {
            words[first &+ index] |= bytes.loadInteger(
                at: bits.start &+ 8 &* index, as: UInt64.self)
        }
    }

    @inline(__always)
    private static func insert(
        _ documents: [UInt32], count: Int, into words: inout [UInt64]
    ) {
        let documents = documents.span
        var words = words.mutableSpan
        for index in 0..<count {
            let document = documents[index]
            words[Int(document >> 6)] |= 1 << UInt64(document & 63)
        }
    }
}
