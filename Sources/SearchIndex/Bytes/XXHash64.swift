/// The 64-bit xxHash of bytes, seed 0 (Y. Collet, "xxHash fast digest algorithm", version 0.1.1).
///
/// Fixed by the index format: it decides the shard of a document.
enum XXHash64 {
    private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
    private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
    private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
    private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

    /// The hash of `bytes`.
    static func hash(_ bytes: Span<UInt8>) -> UInt64 {
        var offset = 0
        var hash = bytes.count >= 32 ? hashStripes(bytes, &offset) : prime5
        hash &+= UInt64(bytes.count)
        while bytes.count - offset >= 8 {
            hash ^= round(0, bytes.loadInteger(at: offset, as: UInt64.self))
            hash = rotate(hash, 27) &* prime1 &+ prime4
            offset += 8
        }
        if bytes.count - offset >= 4 {
            hash ^= UInt64(bytes.loadInteger(at: offset, as: UInt32.self)) &* prime1
            hash = rotate(hash, 23) &* prime2 &+ prime3
            offset += 4
        }
        while offset < bytes.count {
            hash ^= UInt64(bytes[offset]) &* prime5
            hash = rotate(hash, 11) &* prime1
            offset += 1
        }
        return avalanche(hash)
    }

    private static func hashStripes(_ bytes: Span<UInt8>, _ offset: inout Int) -> UInt64 {
        var lanes = SIMD4<UInt64>(prime1 &+ prime2, prime2, 0, 0 &- prime1)
        while bytes.count - offset >= 32 {
            for lane in 0..<4 {
                lanes[lane] = round(
                    lanes[lane], bytes.loadInteger(at: offset + 8 * lane, as: UInt64.self))
            }
            offset += 32
        }
        var hash = rotate(lanes[0], 1) &+ rotate(lanes[1], 7) &+ rotate(lanes[2], 12)
        hash &+= rotate(lanes[3], 18)
        for lane in 0..<4 { hash = (hash ^ round(0, lanes[lane])) &* prime1 &+ prime4 }
        return hash
    }

    private static func avalanche(_ value: UInt64) -> UInt64 {
        var hash = value
        hash = (hash ^ hash >> 33) &* prime2
        hash = (hash ^ hash >> 29) &* prime3
        return hash ^ hash >> 32
    }

    @inline(__always)
    private static func round(_ accumulator: UInt64, _ input: UInt64) -> UInt64 {
        rotate(accumulator &+ input &* prime2, 31) &* prime1
    }

    @inline(__always)
    private static func rotate(_ value: UInt64, _ bits: UInt64) -> UInt64 {
        value << bits | value >> (64 - bits)
    }
}

extension ShardNumber {
    /// The shard that a document with this id belongs to: the xxHash of the id modulo the shards.
    ///
    /// - Parameter shardCount: At least 1.
    public static func shard(ofID id: [UInt8], shardCount: Int) -> ShardNumber {
        ShardNumber(UInt32(XXHash64.hash(id.span) % UInt64(shardCount)))
    }
}
