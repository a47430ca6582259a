/// Why a document has its score: a tree with a number and its meaning at every node.
///
/// Depth and size follow the query's tree, which the limits of queries bound.
public struct Explanation: Sendable, Hashable {
    /// The number of a node.
    public enum Value: Sendable, Hashable {
        /// There is none: the document does not match here.
        case noMatch
        /// A score, or a part of its computation, exactly as the search has it.
        case score(Float)
        /// A parameter of higher precision, such as an average length.
        case parameter(Double)
        /// A count of documents, tokens or occurrences.
        case count(UInt64)
    }

    /// The number.
    public let value: Value
    /// What the number is and how it comes from those of the children.
    public let description: String
    /// What the number depends on, in the order of the computation.
    public let children: [Explanation]

    /// A node.
    public init(_ value: Value, _ description: String, _ children: [Explanation] = []) {
        self.value = value
        self.description = description
        self.children = children
    }

    /// Whether the document matches at this node.
    public var isMatch: Bool { value != .noMatch }

    /// The score at this node; nil when the document does not match or the number is no score.
    public var score: Float? {
        guard case .score(let score) = value else { return nil }
        return score
    }

    /// The same node with words before its description.
    func labelled(_ label: String) -> Explanation {
        Explanation(value, "\(label): \(description)", children)
    }
}

extension Explanation {
    /// One line for each node, children indented by two spaces below their parent; ends with a
    /// line feed.
    public var text: String {
        var text = ""
        appendText(indentation: "", to: &text)
        return text
    }

    /// The tree as JSON: `match`, `value` (left out without a match), `description` and `details`,
    /// the children (left out without any).
    public var json: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }

    private func appendText(indentation: String, to text: inout String) {
        let number =
            switch value {
            case .noMatch: "no match"
            case .score(let score): "\(score)"
            case .parameter(let value): "\(value)"
            case .count(let count): "\(count)"
            }
        text += "\(indentation)\(number) = \(description)\n"
        for child in children { child.appendText(indentation: indentation + "  ", to: &text) }
    }

    private func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("match")
        writer.bool(isMatch)
        if isMatch { writer.key("value") }
        switch value {
        case .noMatch: break
        case .score(let score): writer.number(score)
        case .parameter(let value): writer.number(value)
        case .count(let count): writer.integer(count)
        }
        writer.key("description")
        writer.string(description)
        if !children.isEmpty {
            writer.key("details")
            writer.beginArray()
            for child in children { child.write(to: &writer) }
            writer.endArray()
        }
        writer.endObject()
    }
}
