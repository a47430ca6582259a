/// What letters and digits outside ASCII are folded to by the filter `ascii_folding`.
///
/// About 1,700 scalars, found by halving; read from the generated table at the first use and
/// immutable afterwards.
struct ASCIIFolding: Sendable {
    /// The one instance.
    static let shared = ASCIIFolding()

    /// The folded texts one after the other.
    let bytes: [UInt8]
    /// The folded scalars, ascending.
    private let scalars: [UInt32]
    /// Where the text of each scalar starts in `bytes`, and the end of the last.
    private let starts: [Int]

    private init() {
        let words = Self.table.split { $0.isWhitespace }
        var bytes: [UInt8] = []
        var scalars: [UInt32] = []
        var starts: [Int] = []
        for place in stride(from: 0, to: words.count - 1, by: 2) {
            guard let scalar = UInt32(words[place], radix: 16) else {
                preconditionFailure("the folding table holds \(words[place])")
            }
            scalars.append(scalar)
            starts.append(bytes.count)
            bytes += words[place + 1].utf8
        }
        starts.append(bytes.count)
        self.bytes = bytes
        self.scalars = scalars
        self.starts = starts
    }

    /// The places in `bytes` of what a scalar is folded to; nil when it stays as it is.
    func replacement(of scalar: UInt32) -> Range<Int>? {
        let place = scalars.partitioningIndex { $0 >= scalar }
        guard place < scalars.count, scalars[place] == scalar else { return nil }
        return starts[place]..<starts[place + 1]
    }

    /// Whether a scalar is of the blocks of combining diacritical marks.
    static func isCombiningMark(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x300...0x36F, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF, 0xFE20...0xFE2F:
            true
        default: false
        }
    }
}
