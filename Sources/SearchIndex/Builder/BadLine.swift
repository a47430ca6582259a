/// A line of a build's input that is no document.
public struct BadLine: Error, Hashable, Sendable, CustomStringConvertible {
    /// Why it is none.
    public enum Reason: Hashable, Sendable {
        /// It is not valid JSON, or not valid UTF-8.
        case json(JSONError)
        /// It is JSON of another kind than an object.
        case notAnObject(JSONKind)
        /// Its `id` is neither a string nor an integer.
        case wrongIDType(JSONKind)
        /// Its `id` is empty or longer than `IndexBuilder.maximumIDBytes`.
        case wrongIDLength(bytes: Int)
        /// It has more than one member `id`.
        case repeatedID
        /// It has a member that the schema does not name, and the schema says to reject that.
        case unknownField(String)
        /// A value does not fit the kind of its field.
        case wrongValue(field: String, found: String, expected: String)
        /// It is longer than the limit.
        case tooLong(limitBytes: Int)
    }

    /// The name of the input.
    public let file: String
    /// The number of the line in the input, from 1.
    public let line: Int
    /// Where in the line the problem is, in bytes from its start.
    public let byteOffset: Int
    /// What the problem is.
    public let reason: Reason

    /// A bad line.
    public init(file: String, line: Int, byteOffset: Int, reason: Reason) {
        self.file = file
        self.line = line
        self.byteOffset = byteOffset
        self.reason = reason
    }

    /// `FILE:LINE: byte OFFSET: reason`.
    public var description: String { "\(file):\(line): byte \(byteOffset): \(explanation)" }

    private var explanation: String {
        switch reason {
        case .json(let error): error.description
        case .notAnObject(let kind): "found \(kind), expected an object"
        case .wrongIDType(let kind):
            "\"id\" is \(kind), expected a string or an integer"
        case .wrongIDLength(let bytes):
            "\"id\" has \(bytes) bytes, expected 1 to \(IndexBuilder.maximumIDBytes)"
        case .repeatedID: "more than one member \"id\""
        case .unknownField(let name):
            "field \"\(name)\" is not in the schema, which rejects unknown fields"
        case .wrongValue(let field, let found, let expected):
            "field \"\(field)\" is \(found), expected \(expected)"
        case .tooLong(let limit): "longer than the limit of \(limit) bytes a document"
        }
    }
}
