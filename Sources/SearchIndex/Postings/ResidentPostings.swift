/// The documents and frequencies of one term's postings in memory, in a form that answers for any
/// document in constant time.
///
/// A bit for each document of the segment, the number of postings before every 64 of them, and 4 or 8
/// bits for each frequency: the rank of a bit is the place of the posting (G. Jacobson,
/// "Space-efficient static trees and graphs", 1989, section 2, with counts in two levels). Looking
/// up a candidate in a list on disk means to find its block and to decode that; where lookups go
/// all over a frequent term's list, this costs a few loads instead. Immutable.
final class ResidentPostings: Sendable {
    /// Bit d of word d / 64, low bits first.
    let bits: [UInt64]
    /// The number of postings before each word's, without those before its region.
    let ranks: [UInt16]
    /// The number of postings before each region of `regionWords` words.
    let regions: [UInt32]
    /// The frequency of each posting, `FrequencyCode.great` for those that are in `great`.
    let frequencies: [UInt8]
    /// How `frequencies` are kept.
    let code: FrequencyCode
    /// What the documents' scores can gain; nil for lists that are too sparse.
    let impacts: ImpactLevels?
    /// The frequencies that have no code, by place.
    private let great: [Int: UInt32]

    /// Lists with fewer documents than one in so many have no levels: most of them would be zeros.
    private static let sparsestLeveled = 32
    /// Postings of a region can be counted in 16 bits.
    static let regionWords = 1 << 9

    /// Takes all postings of a list; linear in its documents and in those of the segment.
    ///
    /// - Throws: `malformed` also when the documents do not ascend: places would be wrong.
    init(
        _ layout: PostingsLayout, _ scoring: FieldScoring, _ bytes: Span<UInt8>,
        _ meter: inout WorkMeter
    ) throws(ListFailure) {
        var bits = [UInt64](repeating: 0, count: (Int(layout.documentLimit) + 63) / 64)
        var all: [UInt32] = []
        all.reserveCapacity(layout.documentFrequency)
        let hasImpacts = Self.hasImpacts(layout)
        var ratios: [Float] = []
        if hasImpacts { ratios.reserveCapacity(layout.documentFrequency) }
        var documents = [UInt32](repeating: 0, count: BlockPacking.blockLength)
        var block = [UInt32](repeating: 1, count: BlockPacking.blockLength)
        var last = -1
        for number in 0..<layout.blockCount {
            try meter.spendOrFail(BlockPacking.blockLength)
            do throws(Malformed) {
                let header = try layout.header(ofBlock: number, bytes)
                try layout.decodeDocuments(number, header, bytes, into: &documents)
                layout.decodeFrequencies(header, bytes, into: &block)
                for index in 0..<header.count {
                    let document = documents[index]
                    guard Int(document) > last else {
                        throw Malformed(
                            at: header.documentsOffset, expected: "ascending documents")
                    }
                    last = Int(document)
                    bits[Int(document >> 6)] |= 1 << UInt64(document & 63)
                    guard hasImpacts else { continue }
                    ratios.append(scoring.contribution(1, document, block[index], bytes))
                }
                all += block[..<header.count]
            } catch {
                throw .malformed(error)
            }
        }
        (ranks, regions) = Self.count(bits)
        self.bits = bits
        code = FrequencyCode(for: all)
        (frequencies, great) = code.encode(all)
        impacts = hasImpacts ? ImpactLevels(bits, ratios: ratios, scoring.norms.parameters) : nil
    }

    private static func count(
        _ bits: [UInt64]
    ) -> (ranks: [UInt16], regions: [UInt32]) {
        var ranks: [UInt16] = []
        var regions: [UInt32] = []
        ranks.reserveCapacity(bits.count)
        var total: UInt32 = 0
        for (index, word) in bits.enumerated() {
            if index % regionWords == 0 { regions.append(total) }
            ranks.append(UInt16(total - regions[regions.count - 1]))
            total += UInt32(word.nonzeroBitCount)
        }
        return (ranks, regions)
    }

    /// The bytes that it takes.
    var byteCount: Int {
        8 * bits.count + 2 * ranks.count + 4 * regions.count + frequencies.count
            + 16 * great.count + (impacts?.byteCount ?? 0)
    }

    /// The least bytes that a list would take.
    static func leastBytes(_ layout: PostingsLayout) -> Int {
        (Int(layout.documentLimit) + 63) / 64 * 10 + layout.documentFrequency / 2
            + (hasImpacts(layout) ? ImpactLevels.byteCount(documentLimit: layout.documentLimit) : 0)
    }

    /// Whether the resident form of a list has impact levels.
    static func hasImpacts(_ layout: PostingsLayout) -> Bool {
        layout.documentFrequency >= Int(layout.documentLimit) / sparsestLeveled
    }

    /// The place of a document's posting in the list, or nil.
    func place(of document: UInt32) -> Int? {
        let index = Int(document >> 6)
        let word = bits[index]
        let bit = UInt64(1) << UInt64(document & 63)
        guard word & bit != 0 else { return nil }
        return Int(regions[index / Self.regionWords]) + Int(ranks[index])
            + (word & (bit - 1)).nonzeroBitCount
    }

    /// The frequency of a posting that has no code.
    func greatFrequency(at place: Int) -> UInt32 { great[place] ?? code.great }
}
