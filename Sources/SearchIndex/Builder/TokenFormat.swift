/// How a token, a document with a position, is one integer: a place and a position counted from it.
///
/// Mostly every document has one place. Where 32 bits are too few for the highest position of any
/// document beside the number of documents, those of high positions have several: so that one long
/// document does not make all others' tokens longer.
struct TokenFormat: Sendable {
    /// What position 0 of a place stands for.
    struct Origin: Sendable {
        let document: UInt32
        let position: UInt32
    }

    /// The bits of a position, at most 32, below those of the place.
    let positionBits: Int
    /// By place; empty when every document has one place.
    private let origins: [Origin]
    /// The document of place 0 when every document has one; otherwise 0.
    private let base: UInt32

    /// For tokens of 64 bits: a document is its own place.
    static let wide = TokenFormat(positionBits: 32, origins: [], base: 0)

    private init(positionBits: Int, origins: [Origin], base: UInt32) {
        self.positionBits = positionBits
        self.origins = origins
        self.base = base
    }

    /// For tokens of 32 bits; nil when these are too few.
    ///
    /// - Parameter documents: What stands for each document of each run. Where documents have several
    ///   places, their first ones take its place.
    init?(
        _ stretches: [SortedTokens.Stretch], of runs: [FieldTokens], _ documents: inout [[UInt32]]
    ) {
        let further = { bits in runs.reduce(0) { $0 + $1.furtherPlaces(bits: bits) } }
        let numbers = Self.numbers(stretches, documents)
        let bits = Self.bits(places: numbers.count)
        if further(bits) == 0 {
            self.init(positionBits: bits, origins: [], base: numbers.lowerBound)
            return
        }
        let count = stretches.reduce(0) { $0 + $1.documents.count }
        let fitting = (8...31).last { count + further($0) <= min(1 << (32 - $0), 2 * count + 1024) }
        guard let fitting else { return nil }
        self.init(
            positionBits: fitting, origins: Self.origins(stretches, runs, fitting, &documents),
            base: 0)
    }

    /// The bits that are left for a position.
    private static func bits(places count: Int) -> Int {
        min(31, 32 - (Int.bitWidth - max(0, count - 1).leadingZeroBitCount))
    }

    /// Numbers that all lie in it stand for the documents.
    private static func numbers(
        _ stretches: [SortedTokens.Stretch], _ documents: [[UInt32]]
    ) -> Range<UInt32> {
        var (low, end) = (UInt32.max, UInt32.min)
        for stretch in stretches {
            let numbers = documents[stretch.run]
            for document in stretch.documents {
                let number = numbers[Int(document)]
                guard number != DocumentPlacement.dropped else { continue }
                low = min(low, number)
                end = max(end, number + 1)
            }
        }
        return low < end ? low..<end : 0..<0
    }

    /// Gives every document as many places as its positions need.
    private static func origins(
        _ stretches: [SortedTokens.Stretch], _ runs: [FieldTokens], _ bits: Int,
        _ documents: inout [[UInt32]]
    ) -> [Origin] {
        var origins: [Origin] = []
        for stretch in stretches {
            runs[stretch.run].forEachHighestPosition(in: stretch.documents) { document, highest in
                let number = documents[stretch.run][Int(document)]
                guard number != DocumentPlacement.dropped else { return }
                documents[stretch.run][Int(document)] = UInt32(origins.count)
                for place in 0...highest >> UInt32(bits) {
                    origins.append(Origin(document: number, position: place << UInt32(bits)))
                }
            }
        }
        return origins
    }

    /// What a place stands for.
    @inline(__always)
    func origin(of place: UInt32) -> Origin {
        origins.isEmpty ? Origin(document: base &+ place, position: 0) : origins[Int(place)]
    }

    @inline(__always)
    func document<Token: UnsignedInteger & FixedWidthInteger>(of token: Token) -> UInt32 {
        origin(of: place(of: token)).document
    }

    /// The token at position 0 of a document, or of a document's first place; those behind it are the
    /// following integers, also where they are of the next places.
    @inline(__always)
    func first<Token: UnsignedInteger & FixedWidthInteger>(of document: UInt32) -> Token {
        Token(truncatingIfNeeded: document &- base) &<< Token(truncatingIfNeeded: positionBits)
    }

    @inline(__always)
    func place<Token: UnsignedInteger & FixedWidthInteger>(of token: Token) -> UInt32 {
        UInt32(truncatingIfNeeded: token &>> Token(truncatingIfNeeded: positionBits))
    }

    /// A token's position, counted from that of its place.
    @inline(__always)
    func position<Token: UnsignedInteger & FixedWidthInteger>(of token: Token) -> UInt32 {
        UInt32(truncatingIfNeeded: token)
            & (UInt32.max &>> UInt32(truncatingIfNeeded: 32 &- positionBits))
    }
}
