import FoundationEssentials

/// The specification that the tests hold the code to.
package enum ProtocolPage {
    /// The text of `docs/protocol.md`.
    package static func text() throws -> String {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let data = try Data(contentsOf: URL(filePath: "/\(root)/docs/protocol.md"))
        return String(decoding: data, as: UTF8.self)
    }
}

/// One example of `docs/protocol.md`: a fenced block that begins "```text NAME ENCODING".
///
/// Its lines are `frame N: CONTENT`, where the content is octets in hexadecimal, which may go on in
/// lines that begin with a space, or text that starts with `{` or `[`, or `(empty)`; before them may
/// stand `topic: TEXT`, the frame by which subscribers choose.
package struct ProtocolExample: Sendable, CustomStringConvertible {
    package let name: String
    package let isJSON: Bool
    /// In front of the header, of a message that is published.
    package private(set) var topic: String?
    package private(set) var frames: [[UInt8]] = []

    package var description: String { "\(name) \(isJSON ? "json" : "protobuf")" }

    package struct Malformed: Error {
        let line: String
    }

    /// All examples of the page, in its order.
    package static func read() throws -> [ProtocolExample] {
        var examples: [ProtocolExample] = []
        var isInside = false
        for line in try ProtocolPage.text().split(separator: "\n") {
            if line.hasPrefix("```") {
                let words = line.split(separator: " ")
                isInside = !isInside && words.count == 3
                if isInside {
                    examples.append(
                        ProtocolExample(name: String(words[1]), isJSON: words[2] == "json"))
                }
            } else if isInside {
                try examples[examples.count - 1].append(line)
            }
        }
        return examples
    }

    private mutating func append(_ line: Substring) throws {
        if line.hasPrefix("topic:"), frames.isEmpty {
            topic = String(line.dropFirst("topic:".count).drop { $0 == " " })
            return
        }
        guard !line.hasPrefix(" ") else {
            guard !frames.isEmpty else { throw Malformed(line: String(line)) }
            frames[frames.count - 1] += try Self.content(line.drop { $0 == " " })
            return
        }
        let prefix = "frame \(frames.count): "
        guard line.hasPrefix(prefix) else { throw Malformed(line: String(line)) }
        frames.append(try Self.content(line.dropFirst(prefix.count)))
    }

    private static func content(_ text: Substring) throws -> [UInt8] {
        if text == "(empty)" { return [] }
        if text.hasPrefix("{") || text.hasPrefix("[") { return Array(text.utf8) }
        return try text.split(separator: " ").map { octet in
            guard octet.utf8.count == 2, let value = UInt8(octet, radix: 16) else {
                throw Malformed(line: String(text))
            }
            return value
        }
    }
}
