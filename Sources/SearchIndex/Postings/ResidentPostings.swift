/// The documents and frequencies of one term's postings in memory, in a form that answers for any
/// document in constant time.
///
/// A bit for each document of the segment, the number of postings before every 64 of them, and a
/// byte for each frequency: the rank of a bit is the place of the posting (G. Jacobson,
/// "Space-efficient static trees and graphs", 1989, section 2, with one level of counts). Looking up
/// a candidate in a list on disk means to find its block and to decode that; where lookups go all
/// over a frequent term's list, this costs a few loads instead. Immutable.
final class ResidentPostings: Sendable {
    /// Bit d of word d / 64, low bits first.
    let bits: [UInt64]
    /// The number of postings before each word's.
    let ranks: [UInt32]
    /// The frequency of each posting, `saturated` for those that are in `great`; empty where all
    /// are 1.
    let frequencies: [UInt8]
    /// The frequencies from 255 on, by place.
    private let great: [Int: UInt32]

    /// Stands for frequencies that do not fit in a byte.
    static let saturated: UInt8 = .max

    /// Takes all postings of a list; linear in its documents and in those of the segment.
    ///
    /// - Throws: `malformed` also when the documents do not ascend: places would be wrong.
    init(
        _ layout: PostingsLayout, _ bytes: Span<UInt8>, _ meter: inout WorkMeter
    ) throws(ListFailure) {
        var bits = [UInt64](repeating: 0, count: (Int(layout.documentLimit) + 63) / 64)
        var collector = FrequencyCollector(capacity: layout.documentFrequency)
        var documents = [UInt32](repeating: 0, count: BlockPacking.blockLength)
        var block = [UInt32](repeating: 1, count: BlockPacking.blockLength)
        for number in 0..<layout.blockCount {
            try meter.spendOrFail(BlockPacking.blockLength)
            do throws(Malformed) {
                let header = try layout.header(ofBlock: number, bytes)
                try layout.decodeDocuments(number, header, bytes, into: &documents)
                layout.decodeFrequencies(header, bytes, into: &block)
                for index in 0..<header.count {
                    bits[Int(documents[index] >> 6)] |= 1 << UInt64(documents[index] & 63)
                    collector.append(block[index])
                }
            } catch {
                throw .malformed(error)
            }
        }
        var rank: UInt32 = 0
        ranks = bits.map { word in
            defer { rank += UInt32(word.nonzeroBitCount) }
            return rank
        }
        guard Int(rank) == layout.documentFrequency else {
            throw .malformed(
                Malformed(at: layout.range.lowerBound, expected: "ascending documents"))
        }
        self.bits = bits
        frequencies = collector.areSingle ? [] : collector.frequencies
        great = collector.great
    }

    /// What postings of a list would take, in bytes; at most.
    static func byteCount(_ layout: PostingsLayout) -> Int {
        let words = (Int(layout.documentLimit) + 63) / 64
        return words * (MemoryLayout<UInt64>.size + MemoryLayout<UInt32>.size)
            + layout.documentFrequency
    }

    /// The place of a document's posting in the list, or nil.
    func place(of document: UInt32) -> Int? {
        let word = bits[Int(document >> 6)]
        let bit = UInt64(1) << UInt64(document & 63)
        guard word & bit != 0 else { return nil }
        return Int(ranks[Int(document >> 6)]) + (word & (bit - 1)).nonzeroBitCount
    }

    /// The frequency of a posting.
    func frequency(at place: Int) -> UInt32 {
        if frequencies.isEmpty { return 1 }
        let frequency = frequencies[place]
        return frequency == Self.saturated ? greatFrequency(at: place) : UInt32(frequency)
    }

    /// The frequency of a posting that has `saturated`.
    func greatFrequency(at place: Int) -> UInt32 { great[place] ?? UInt32(Self.saturated) }
}

/// Collects frequencies in bytes.
private struct FrequencyCollector {
    private(set) var frequencies: [UInt8] = []
    private(set) var great: [Int: UInt32] = [:]
    private(set) var areSingle = true

    init(capacity: Int) { frequencies.reserveCapacity(capacity) }

    mutating func append(_ frequency: UInt32) {
        if frequency > 1 { areSingle = false }
        if frequency >= UInt32(ResidentPostings.saturated) {
            great[frequencies.count] = frequency
        }
        frequencies.append(UInt8(clamping: frequency))
    }
}
