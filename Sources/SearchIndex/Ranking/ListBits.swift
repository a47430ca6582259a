/// Where a list has a bit for each document of the segment: in memory, or in the file.
struct ListBits {
    /// Empty for a list that has its bits in the file only.
    private let words: [UInt64]
    /// Where the bits are in the file otherwise.
    private let bitmap: Int

    /// Nil for a list without.
    init?(_ list: borrowing TermList) {
        guard list.hasBitmap else { return nil }
        words = list.resident?.bits ?? []
        bitmap = list.layout.bitmapOffset ?? 0
    }

    /// Takes `count` words from the segment's word `first` on, or intersects with them.
    @inline(__always)
    func combine(
        _ words: inout [UInt64], _ first: Int, _ count: Int, _ step: CandidateKernels.WordStep,
        _ bytes: Span<UInt8>
    ) {
        if self.words.isEmpty {
            CandidateKernels.combine(&words, count, bytes, at: bitmap + 8 * first, step)
        } else {
            CandidateKernels.combine(&words, count, self.words, from: first, step)
        }
    }
}
