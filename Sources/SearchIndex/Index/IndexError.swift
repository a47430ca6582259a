/// What is wrong with an index on disk, or with the making of one.
public struct IndexError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of trouble.
    public enum Kind: Hashable, Sendable {
        /// A file or folder is not there.
        case missing
        /// Bytes are not what the format says.
        case corrupt
        /// A format version that this program does not read.
        case unsupportedVersion
        /// Something is in the way of an output.
        case alreadyExists
        /// The operating system refused; holds the value of `errno`.
        case system(errno: Int32)
        /// The input has no documents, or more than the format can hold.
        case input
    }

    public let kind: Kind
    /// The file or folder.
    public let path: String
    /// The part of the file; empty if it concerns the whole.
    public let section: String
    /// What was found, what was expected, and what to do.
    public let message: String

    public init(_ kind: Kind, path: String, section: String = "", _ message: String) {
        self.kind = kind
        self.path = path
        self.section = section
        self.message = message
    }

    /// One line: path, section, message.
    public var description: String {
        section.isEmpty ? "\(path): \(message)" : "\(path): section \(section): \(message)"
    }
}
