/// The inner loops over a batch of candidates: measured, and without a check for each access.
///
/// What they rely on is checked once for each call, or holds by construction: slots are below 128,
/// as are the first `count` of any list of them; buffers of a batch have room for 128; documents
/// come from decoded blocks, which are below the segment's number of documents.
enum CandidateKernels {
    /// The slots of a batch, of which some are looked up.
    static let slotCount = BlockPacking.blockLength

    /// Which of a batch's candidates a step takes, and by what measure.
    struct Step {
        /// The place of the first candidate among those alive.
        var start: Int
        /// The number of those alive.
        let count: Int
        /// The last document that the block can hold.
        let last: UInt32
        /// What is added to a candidate's partial score.
        let bound: Float
        /// What the sum must reach.
        let needed: Float
    }

    /// 1 if a sum is at least what is needed, else 0; not both may be infinite, nor the sum a negative
    /// zero.
    ///
    /// By the sign of the difference, which is zero only if they are equal: a comparison becomes a
    /// branch, which is guessed wrong for most of the documents that pass.
    @inline(__always)
    static func one(if sum: Float, reaches needed: Float) -> Int {
        1 &- Int(truncatingIfNeeded: (sum - needed).bitPattern &>> 31)
    }

    /// Copies slots of the candidates up to a document that can reach what is needed to `group`;
    /// returns where the candidates end and how many were copied.
    @inline(__always)
    static func select(
        _ step: Step, _ documents: [UInt32], _ partial: [Float], _ alive: [Int],
        into group: inout [Int]
    ) -> (end: Int, size: Int) {
        let documents = documents.span
        let partial = partial.span
        let alive = alive.span
        var group = group.mutableSpan
        precondition(step.count <= alive.count && group.count == slotCount)
        var index = step.start
        var size = 0
        while index < step.count {
            // Every list has room for all slots; `size` never passes `index`.
            let slot = unsafe alive[unchecked: index]
            if unsafe documents[unchecked: slot] > step.last { break }
            unsafe group[unchecked: size] = slot
            size &+= one(if: unsafe partial[unchecked: slot] + step.bound, reaches: step.needed)
            index &+= 1
        }
        return (index, size)
    }

    /// Keeps, of the candidates up to a document, those that can reach what is needed and that `find`
    /// has a place for; notes the place in `found` by slot. `kept` is how many were kept before.
    ///
    /// - Returns: where the candidates end, and how many are kept now.
    @inline(__always)
    static func keep(
        _ step: Step, kept before: Int, _ documents: [UInt32], _ partial: [Float],
        _ alive: inout [Int], _ found: inout [Int], base: Int,
        find: (UInt32) -> Int
    ) -> (end: Int, kept: Int) {
        let documents = documents.span
        let partial = partial.span
        var alive = alive.mutableSpan
        var found = found.mutableSpan
        precondition(
            step.count <= alive.count && before <= step.start && found.count >= base + slotCount)
        var index = step.start
        var kept = before
        while index < step.count {
            // `kept` never passes `index`; the lists have room for all slots.
            let slot = unsafe alive[unchecked: index]
            let document = unsafe documents[unchecked: slot]
            if document > step.last { break }
            let place = find(document)
            unsafe alive[unchecked: kept] = slot
            unsafe found[unchecked: base &+ slot] = place
            // The sign bit tells whether it was found.
            let isThere = 1 &+ (place >> 63)
            kept &+=
                isThere
                & one(if: unsafe partial[unchecked: slot] + step.bound, reaches: step.needed)
            index &+= 1
        }
        return (index, kept)
    }

    /// The place of `document` among 128 ascending documents, or -1.
    ///
    /// Seven steps without branches, so that searches for several documents overlap in time.
    @inline(__always)
    static func place(of document: UInt32, in values: Span<UInt32>) -> Int {
        var low = 0
        var step = slotCount / 2
        while step > 0 {
            // `low` is below 128 - step. All ones where the value is below the document, else zero.
            let isBelow =
                (Int(unsafe values[unchecked: low &+ step &- 1]) &- Int(document)) >> 63
            low &+= step & isBelow
            step >>= 1
        }
        return unsafe values[unchecked: low] == document ? low : -1
    }

    /// `TermList.unknownPlace` for a document in a bitset, else -1.
    @inline(__always)
    static func place(of document: UInt32, in bitset: Bitset, _ bytes: Span<UInt8>) -> Int {
        let word = (document >> 6) &- bitset.firstWord
        // Documents before the base wrap around to great words, or meet bits that are zero.
        guard word < bitset.wordCount else { return -1 }
        let bits = bytes.loadInteger(at: bitset.start &+ 8 &* Int(word), as: UInt64.self)
        // All ones, or with a one bit the number that stands for an unknown place.
        return (Int(bits >> UInt64(document & 63) & 1) &- 1) | TermList.unknownPlace
    }

    /// Where some bits are, one a document.
    struct Bitset {
        /// In bytes of the file.
        let start: Int
        /// The number of the first word among all of the segment.
        let firstWord: UInt32
        let wordCount: UInt32
    }

    /// Scores candidates from a list's current block, whose documents are given, slots being places
    /// there: the first `count` of the block if it `isWhole`, else of those alive. Notes what they
    /// score, and lists those that reach what is needed with `rest` added; returns how many. `ratio`
    /// gives the saturated frequency, from frequency and length code.
    @inline(__always)
    static func score(
        _ list: borrowing TermList, _ count: Int, isWhole: Bool, rest: Float, needed: Float,
        _ bytes: Span<UInt8>, _ documents: [UInt32], _ partial: inout [Float],
        _ alive: inout [Int], _ contributions: inout [Float], ratio: (UInt32, Int) -> Float
    ) -> Int {
        let lengths = bytes.extracting(list.lengths)
        let weight = list.weight
        let base = list.leaf * slotCount
        let documents = documents.span
        let frequencies = list.frequencies.span
        var partial = partial.mutableSpan
        var alive = alive.mutableSpan
        var contributions = contributions.mutableSpan
        precondition(count <= slotCount && documents.count == slotCount)
        precondition(frequencies.count >= slotCount && partial.count == slotCount)
        precondition(contributions.count >= base + slotCount)
        var kept = 0
        for index in 0..<count {
            // All lists have at least 128 places; decoded documents are below the segment's number.
            let slot = isWhole ? index : unsafe alive[unchecked: index]
            let document = unsafe documents[unchecked: slot]
            let code = Int(unsafe lengths[unchecked: Int(document)])
            let score = weight * ratio(unsafe frequencies[unchecked: slot], code)
            unsafe partial[unchecked: slot] = score
            unsafe contributions[unchecked: base &+ slot] = score
            unsafe alive[unchecked: kept] = slot
            kept &+= one(if: score + rest, reaches: needed)
        }
        return kept
    }

    /// Adds the contributions of a group whose places are known, nothing where they are below zero;
    /// returns how many candidates are kept.
    @inline(__always)
    static func addGroup(
        _ list: borrowing TermList, _ sizes: (group: Int, base: Int, kept: Int), rest: Float,
        needed: Float, _ bytes: Span<UInt8>, _ group: [Int], _ places: [Int],
        _ documents: [UInt32], _ partial: inout [Float], _ alive: inout [Int],
        _ contributions: inout [Float]
    ) -> Int {
        let score = list.scorer
        let frequencies = list.frequencies.span
        let areSingle = list.areSingle
        let table = list.scoring.norms
        let ratios = table.ratios.span
        let norms = table.norms.span
        let group = group.span
        let places = places.span
        let documents = documents.span
        var partial = partial.mutableSpan
        var alive = alive.mutableSpan
        var contributions = contributions.mutableSpan
        var kept = sizes.kept
        for index in 0..<sizes.group {
            let slot = group[index]
            let place = places[index]
            var contribution: Float = 0
            if place >= 0 {
                contribution = score.contribution(
                    documents[slot], areSingle ? 1 : frequencies[place], ratios, norms, bytes)
            }
            contributions[sizes.base &+ slot] = contribution
            let sum = partial[slot] + contribution
            partial[slot] = sum
            alive[kept] = slot
            kept &+= one(if: sum + rest, reaches: needed)
        }
        return kept
    }

    /// Keeps, of a group to which nothing is added, what reaches what is needed with `rest` added;
    /// returns how many candidates are kept.
    @inline(__always)
    static func keepUnchanged(
        _ sizes: (group: Int, base: Int, kept: Int), rest: Float, needed: Float, _ group: [Int],
        _ partial: [Float], _ alive: inout [Int], _ contributions: inout [Float]
    ) -> Int {
        let group = group.span
        let partial = partial.span
        var alive = alive.mutableSpan
        var contributions = contributions.mutableSpan
        var kept = sizes.kept
        for index in 0..<sizes.group {
            let slot = group[index]
            contributions[sizes.base &+ slot] = 0
            alive[kept] = slot
            kept &+= one(if: partial[slot] + rest, reaches: needed)
        }
        return kept
    }

    /// Adds the contributions of some leaves, in their order, for the first `count` of `alive`.
    @inline(__always)
    static func addUp(
        _ leaves: [Int], _ count: Int, _ alive: [Int], _ contributions: [Float],
        into partial: inout [Float]
    ) {
        let alive = alive.span
        let contributions = contributions.span
        var partial = partial.mutableSpan
        for index in 0..<count { partial[alive[index]] = 0 }
        for number in leaves.indices {
            let base = leaves[number] * slotCount
            for index in 0..<count { partial[alive[index]] += contributions[base + alive[index]] }
        }
    }
}

// Postings in memory. Candidates are documents of the segment, for each of which there is a bit.
extension CandidateKernels {
    /// Keeps the candidates that resident postings hold, or lack if `holding` is false, and that reach
    /// what is needed with `bound` added; returns how many.
    @inline(__always)
    static func keep(
        _ resident: ResidentPostings, holding: Bool = true, _ count: Int,
        _ documents: [UInt32], _ partial: [Float], _ alive: inout [Int],
        bound: Float = .infinity, needed: Float = -.infinity
    ) -> Int {
        let unwanted: UInt64 = holding ? 0 : 1
        let words = resident.bits
        let bits = words.span
        let documents = documents.span
        let partial = partial.span
        var alive = alive.mutableSpan
        precondition(count <= alive.count)
        var kept = 0
        for index in 0..<count {
            // `kept` never passes `index`; the lists have room for all slots.
            let slot = unsafe alive[unchecked: index]
            let document = unsafe documents[unchecked: slot]
            let word = unsafe bits[unchecked: Int(document >> 6)]
            unsafe alive[unchecked: kept] = slot
            let bit = word >> UInt64(document & 63) & 1 ^ unwanted
            kept &+=
                Int(truncatingIfNeeded: bit)
                & one(if: unsafe partial[unchecked: slot] + bound, reaches: needed)
        }
        return kept
    }

    /// Joins what resident postings contribute, nothing where they lack it, to what is known of every
    /// candidate, and notes it; keeps those that reach what is needed with `rest` added, and returns
    /// how many.
    @inline(__always)
    static func join(
        _ list: borrowing TermList, _ resident: ResidentPostings, _ count: Int, rest: Float,
        needed: Float, _ bytes: Span<UInt8>, _ documents: [UInt32], _ partial: inout [Float],
        _ alive: inout [Int], _ contributions: inout [Float], by combine: (Float, Float) -> Float
    ) -> Int {
        let scorer = list.scorer
        let table = list.scoring.norms
        let ratios = table.ratios.span
        let norms = table.norms.span
        let (words, counts, greatCounts, coded, code) = (
            resident.bits, resident.ranks, resident.regions, resident.frequencies, resident.code
        )
        let bits = words.span
        let ranks = counts.span
        let regions = greatCounts.span
        let frequencies = coded.span
        let base = list.leaf * slotCount
        let documents = documents.span
        var partial = partial.mutableSpan
        var alive = alive.mutableSpan
        var contributions = contributions.mutableSpan
        precondition(count <= alive.count && contributions.count >= base + slotCount)
        var kept = 0
        for index in 0..<count {
            let slot = unsafe alive[unchecked: index]
            let document = unsafe documents[unchecked: slot]
            let word = unsafe bits[unchecked: Int(document >> 6)]
            let shift = UInt64(document & 63)
            var contribution: Float = 0
            if word >> shift & 1 != 0 {
                let before = (word & (1 << shift &- 1)).nonzeroBitCount
                let place =
                    Int(
                        unsafe regions[unchecked: Int(document >> 6) / ResidentPostings.regionWords]
                    )
                    &+ Int(unsafe ranks[unchecked: Int(document >> 6)]) &+ before
                // There are as many frequencies as bits.
                var frequency = code.frequency(
                    unsafe frequencies[unchecked: code.byte(of: place)], at: place)
                if frequency == code.great {
                    frequency = resident.greatFrequency(at: place)
                }
                contribution = scorer.contribution(document, frequency, ratios, norms, bytes)
            }
            unsafe contributions[unchecked: base &+ slot] = contribution
            let sum = combine(unsafe partial[unchecked: slot], contribution)
            unsafe partial[unchecked: slot] = sum
            unsafe alive[unchecked: kept] = slot
            kept &+= one(if: sum + rest, reaches: needed)
        }
        return kept
    }
}
