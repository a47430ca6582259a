/// Where a list has a bit for each document of the segment, in memory or in the file, and perhaps
/// levels of impact.
struct ListBits {
    /// Empty for a list that has its bits in the file only.
    private let words: [UInt64]
    /// The slices of its `ImpactLevels`; empty without.
    private let slices: [UInt64]
    /// Where the bits are in the file otherwise.
    private let bitmap: Int

    /// Nil for a list without.
    init?(_ list: borrowing TermList) {
        guard list.hasBitmap else { return nil }
        words = list.resident?.bits ?? []
        slices = list.resident?.impacts?.slices ?? []
        bitmap = list.layout.bitmapOffset ?? 0
    }

    /// Takes `count` words from the segment's word `first` on, or intersects with them.
    ///
    /// - Parameter level: Of documents from this level on; of all at level 1, which lists without
    ///   levels have only.
    @inline(__always)
    func combine(
        _ words: inout MutableSpan<UInt64>, _ first: Int, _ count: Int, atLeast level: Int = 1,
        _ step: CandidateKernels.WordStep, _ bytes: Span<UInt8>
    ) {
        if level > 1 {
            CandidateKernels.combine(
                &words, count, slices: slices.span, from: first, atLeast: level, step)
        } else if self.words.isEmpty {
            CandidateKernels.combine(&words, count, bytes, at: bitmap + 8 * first, step)
        } else {
            CandidateKernels.combine(&words, count, self.words.span, from: first, step)
        }
    }
}
