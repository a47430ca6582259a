/// Something that verification found wrong with an index.
public struct IndexProblem: Hashable, Sendable, CustomStringConvertible {
    /// The path of the file or folder.
    public let file: String
    /// The section of a segment file, like `postings of field "body"`; nil for other files.
    public let section: String?
    /// What is wrong, where, and what was expected.
    public let message: String

    /// A problem.
    public init(file: String, section: String?, message: String) {
        self.file = file
        self.section = section
        self.message = message
    }

    /// One line: file, section, message.
    public var description: String {
        section.map { "\(file), \($0): \(message)" } ?? "\(file): \(message)"
    }

    init(_ error: IndexError) {
        var message = error.message
        if let byteOffset = error.byteOffset { message += " at byte \(byteOffset)" }
        if let expected = error.expected { message += "; expected \(expected)" }
        if let found = error.found { message += ", found \(found)" }
        self.init(file: error.file, section: error.section, message: message)
    }
}
