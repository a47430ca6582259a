/// The name of an analyzer: a built-in one, or one that a schema defines.
public struct AnalyzerName: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    /// The longest name, in UTF-8 bytes.
    public static let maximumBytes = 255

    /// The name's text.
    public let rawValue: String

    /// A name; `Analyzer.init` checks it.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// A name from a literal.
    public init(stringLiteral value: String) { self.init(rawValue: value) }

    /// The name's text.
    public var description: String { rawValue }

    /// Names are equal when their bytes are, so canonically equal ones stay apart.
    public static func == (left: Self, right: Self) -> Bool {
        left.rawValue.utf8.elementsEqual(right.rawValue.utf8)
    }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) { hasher.combine(Array(rawValue.utf8)) }

    /// Whether it has 1 to `maximumBytes` bytes and no control characters.
    var isValid: Bool {
        let bytes = rawValue.utf8
        return !bytes.isEmpty && bytes.count <= Self.maximumBytes
            && !bytes.contains { $0 < 0x20 || $0 == 0x7F }
    }
}
