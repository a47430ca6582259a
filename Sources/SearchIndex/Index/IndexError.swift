/// Why an index could not be built, opened, read or verified.
///
/// The description says what is wrong, where, what was expected, and what to do.
public struct IndexError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The families of errors; callers decide by them.
    public enum Kind: String, Sendable, CaseIterable {
        /// A file or folder that must exist is missing.
        case missing
        /// A file exists that must not.
        case alreadyExists
        /// Bytes of a file are not what the format says.
        case corrupt
        /// A file is of another format version.
        case unsupportedVersion
        /// Two files do not belong together, such as a shard and an index of another build.
        case mismatch
        /// A system call failed.
        case inputOutput
        /// The file system has no space, or a quota or file size limit is reached.
        case noSpace
        /// The input of a build cannot be used.
        case badInput
        /// The input is beyond a limit of the format.
        case limitExceeded
    }

    /// The family.
    public let kind: Kind
    /// What happened, as a clause without a full stop.
    public let message: String
    /// The path of the file or folder.
    public let file: String
    /// The section of the file, for example `postings of field "body"`.
    public let section: String?
    /// Where in the file, in bytes from its start.
    public let byteOffset: UInt64?
    /// What was expected there.
    public let expected: String?
    /// What was found there.
    public let found: String?
    /// What to do about it.
    public let advice: String?

    /// An error about `file`.
    public init(
        _ kind: Kind, _ message: String, file: String, section: String? = nil,
        byteOffset: UInt64? = nil, expected: String? = nil, found: String? = nil,
        advice: String? = nil
    ) {
        self.kind = kind
        self.message = message
        self.file = file
        self.section = section
        self.byteOffset = byteOffset
        self.expected = expected
        self.found = found
        self.advice = advice
    }

    /// One line: file, section, offset, message, expected, found, advice.
    public var description: String {
        var text = file
        if let section { text += ", \(section)" }
        if let byteOffset { text += ", byte \(byteOffset)" }
        text += ": \(message)"
        if let expected { text += "; expected \(expected)" }
        if let found { text += ", found \(found)" }
        if let advice { text += "; \(advice)" }
        return text
    }
}
