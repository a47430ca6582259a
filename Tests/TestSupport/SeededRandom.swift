import FoundationEssentials

/// A random number generator whose whole sequence follows from one printed number, so that a
/// failed random test can be run again exactly.
///
/// SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014),
/// figure 16, with the constants of its public-domain reference code. Every seed, zero included,
/// starts a sequence of period 2^64.
package struct SeededRandom: RandomNumberGenerator, Sendable {
    /// The variable of the environment that fixes the seed of every random test.
    package static let seedVariable = "SWIFTLET_SEED"

    private var state: UInt64

    /// Starts the sequence of `seed`.
    package init(seed: UInt64) {
        state = seed
    }

    /// The generator of the test `name`: its seed is `SWIFTLET_SEED` when that holds a decimal
    /// number, otherwise a new random one. Prints the seed, and how to run the test with it again.
    package static func forTest(_ name: String) -> SeededRandom {
        let seed = seedFromEnvironment() ?? UInt64.random(in: .min ... .max)
        print("seed \(name): \(seed) (rerun with \(seedVariable)=\(seed))")
        return SeededRandom(seed: seed)
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    private static func seedFromEnvironment() -> UInt64? {
        ProcessInfo.processInfo.environment[seedVariable].flatMap { UInt64($0) }
    }
}
