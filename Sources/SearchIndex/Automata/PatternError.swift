/// Why a pattern was refused, and where in it.
public struct PatternError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong at the offset.
    public enum Reason: Hashable, Sendable {
        /// A group is not closed, or closed without being open.
        case unbalancedGroup
        /// A class is not closed, empty, or has a range whose end is below its start.
        case badClass
        /// A backslash stands at the end, or before a letter or digit without a meaning.
        case badEscape
        /// A quantifier has nothing before it that it could repeat.
        case nothingToRepeat
        /// `{` is not followed by `m}`, `m,}` or `m,n}` with m <= n <= 1000.
        case badRepetition
        /// Groups are nested deeper than 32.
        case tooDeep
        /// The automaton would have more states than are allowed.
        case tooComplex
        /// The pattern is not valid UTF-8.
        case invalidUTF8
    }

    /// The offset of the offending part in the pattern, in bytes.
    public let byteOffset: Int
    /// What is wrong there.
    public let reason: Reason

    /// One sentence with offset and reason.
    public var description: String { "pattern error at byte \(byteOffset): \(reason.explanation)" }
}

extension PatternError.Reason {
    /// What is wrong and what is expected.
    var explanation: String {
        switch self {
        case .unbalancedGroup: "a group of the pattern is not balanced; \\( is a plain parenthesis"
        case .badClass: "a class needs ], at least one member, and ranges from low to high"
        case .badEscape: "a backslash needs punctuation or one of d, w, s, D, W, S after it"
        case .nothingToRepeat: "nothing stands before the quantifier that it could repeat"
        case .badRepetition: "a repetition is {m}, {m,} or {m,n} with m <= n <= 1000"
        case .tooDeep: "groups of a pattern nest at most 32 deep"
        case .tooComplex: "the pattern needs too many states; make it shorter"
        case .invalidUTF8: "the pattern is not valid UTF-8"
        }
    }
}
