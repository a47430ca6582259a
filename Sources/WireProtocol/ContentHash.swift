/// A 64-bit hash of frames, to tell repeated ones from others at a few instructions an octet.
///
/// Each word of eight octets is mixed in by one multiplication of 64 by 64 bits whose halves are folded, the
/// step of wyhash (https://github.com/wangyi-fudan/wyhash); nothing else of it is here. Who does not
/// know the seed cannot make two frames of one hash; who needs certainty compares the frames as well.
package struct ContentHash {
    /// The hash of all that was added.
    package private(set) var value: UInt64

    private static let factor: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// - Parameter seed: what others do not know.
    package init(seed: UInt64) {
        value = seed ^ Self.factor
    }

    /// The hash of some octets.
    package init(_ octets: Span<UInt8>, seed: UInt64) {
        self.init(seed: seed)
        add(octets)
    }

    /// Adds a number.
    package mutating func add(_ word: UInt64) {
        let product = (value ^ word).multipliedFullWidth(by: Self.factor)
        // The sum keeps a product of zero from losing all that came before.
        value = (product.high ^ product.low) &+ value
    }

    /// Adds octets, their number included. O(octets).
    package mutating func add(_ octets: Span<UInt8>) {
        add(UInt64(octets.count))
        var position = 0
        while position + 8 <= octets.count {
            add(LittleEndian.load(UInt64.self, from: octets, at: position))
            position += 8
        }
        guard position < octets.count else { return }
        var rest: UInt64 = 0
        for place in position..<octets.count { rest = rest << 8 | UInt64(octets[place]) }
        add(rest)
    }
}
