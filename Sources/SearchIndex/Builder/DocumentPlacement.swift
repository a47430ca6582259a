/// Where the documents of one source go.
struct DocumentPlacement: Sendable {
    /// Says that a document is left out.
    static let dropped: UInt32 = .max

    /// The number that each document gets in its new segment, or `dropped`.
    var numbers: [UInt32]
    /// The new segment of each document; nil when there is only one.
    var segments: [UInt32]?

    /// The new segment of a document that is not dropped.
    @inline(__always)
    func segment(of document: Int) -> Int { segments.map { Int($0[document]) } ?? 0 }
}
