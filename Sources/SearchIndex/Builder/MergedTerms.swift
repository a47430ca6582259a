/// The encoded postings of consecutive terms, for each new segment.
struct MergedTerms: Sendable {
    /// What a segment gets of them.
    struct Share: Sendable {
        /// The terms that it has, as indexes of all, ascending.
        fileprivate(set) var terms: [UInt32] = []
        fileprivate(set) var frequencies: [UInt32] = []
        fileprivate(set) var postingsBytes: [Int] = []
        fileprivate(set) var positionsBytes: [Int] = []
        fileprivate var openPostings: [UInt8] = []
        fileprivate var openPositions: [UInt8] = []
        /// What they are encoded to.
        private(set) var postings = CheckedBytes()
        private(set) var positions = CheckedBytes()
        /// The sum of all frequencies.
        fileprivate(set) var tokenCount: UInt64 = 0

        /// Adds a term; false when it has more than a segment can hold.
        fileprivate mutating func append(
            _ term: borrowing PostingsWriter.Term, number: UInt32,
            _ lengthCodes: @autoclosure () -> [UInt8], _ writer: inout PostingsWriter
        ) -> Bool {
            let before = (openPostings.count, openPositions.count)
            guard
                writer.append(
                    term, lengthCodes: lengthCodes(), postings: &openPostings,
                    positions: &openPositions)
            else { return false }
            for frequency in term.frequencies { tokenCount += UInt64(frequency) }
            terms.append(number)
            frequencies.append(UInt32(term.documents.count))
            postingsBytes.append(openPostings.count - before.0)
            positionsBytes.append(openPositions.count - before.1)
            return true
        }

        fileprivate mutating func finish() {
            postings = CheckedBytes(openPostings)
            positions = CheckedBytes(openPositions)
            openPostings = []
            openPositions = []
        }
    }

    /// By segment.
    private(set) var shares: [Share]
    private var bytes: [UInt8] = []
    private var ends: [Int] = [0]
    /// The documents of all segments that hold each term.
    private var globalFrequencies: [UInt64] = []

    /// - Parameter tokens: About how many they have: room is made for what these mostly take.
    init(segments: Int, tokens: Int, hasPositions: Bool) {
        shares = (0..<segments).map { _ in
            var share = Share()
            let bytes = tokens / segments * 5 / 4
            share.openPostings.reserveCapacity(bytes)
            if hasPositions { share.openPositions.reserveCapacity(bytes) }
            return share
        }
    }

    /// Encodes a term's postings, one for each segment, and empties them.
    ///
    /// - Throws: `limitExceeded` when a term has more than a segment can hold.
    mutating func append(
        _ term: TermBytes, _ gathered: inout [PostingsWriter.Term], lengthCodes: [[UInt8]],
        _ writer: inout PostingsWriter
    ) throws(IndexError) {
        var total: UInt64 = 0
        for segment in gathered.indices where !gathered[segment].documents.isEmpty {
            // Taken out of the array, so that its buffers are not counted up and down.
            var own = PostingsWriter.Term()
            swap(&own, &gathered[segment])
            total += UInt64(own.documents.count)
            guard
                shares[segment].append(
                    own, number: UInt32(ends.count - 1), lengthCodes[segment], &writer)
            else { throw Self.tooMuch(term) }
            own.removeAll()
            swap(&own, &gathered[segment])
        }
        // A term of documents that were all left out is in no dictionary.
        guard total > 0 else { return }
        bytes.append(copying: term.span)
        ends.append(bytes.count)
        globalFrequencies.append(total)
    }

    /// Ends the terms.
    mutating func finish() { for segment in shares.indices { shares[segment].finish() } }

    /// Adds the terms of a segment to its dictionary.
    func append(segment: Int, hasPositions: Bool, to dictionary: inout TermDictionaryWriter) {
        let share = shares[segment]
        for (index, term) in share.terms.enumerated() {
            let entry = TermDictionaryWriter.Entry(
                documentFrequency: share.frequencies[index],
                globalDocumentFrequency: globalFrequencies[Int(term)],
                postingsBytes: share.postingsBytes[index],
                positionsBytes: hasPositions ? share.positionsBytes[index] : nil)
            let range = ends[Int(term)]..<ends[Int(term) + 1]
            dictionary.append(bytes.span.extracting(range), entry)
        }
    }

    private static func tooMuch(_ term: TermBytes) -> IndexError {
        IndexError(
            .limitExceeded, "more than 4 GiB of postings or positions of one term in a segment",
            file: "term \"\(String(decoding: term, as: UTF8.self))\"",
            advice: "build with more shards")
    }
}
