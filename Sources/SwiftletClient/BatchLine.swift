import Foundation

/// One query of a batch's input.
package struct BatchLine: Sendable {
    /// As given, or the line's number.
    package let id: String
    package private(set) var request: SearchRequest

    /// The two forms of input.
    package enum Form: Sendable {
        /// `{"id": …, "text": …, "limit": …, "offset": …, "operator": …,
        /// "after": …, "documents": …}` in each line.
        case json
        /// `id<TAB>text` in each line.
        case tabs

        /// The form of an input whose first line that is not blank is this one.
        package init(of line: ArraySlice<UInt8>) {
            self = line.first { $0 != 0x20 && $0 != 0x09 } == UInt8(ascii: "{") ? .json : .tabs
        }
    }

    /// Why a line is no query.
    package struct Problem: Error, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// Reads a line.
    ///
    /// - Parameters:
    ///   - number: from 1; the id of a JSON line without one.
    ///   - isForTREC: ids must then have no white space, and documents are not asked.
    package init(
        _ line: ArraySlice<UInt8>, number: Int, form: Form, isForTREC: Bool
    ) throws(Problem) {
        guard let text = String(validating: line, as: UTF8.self) else {
            throw Problem(description: "not valid UTF-8")
        }
        switch form {
        case .json: self = try Self.json(Data(line), number)
        case .tabs: self = try Self.tabs(text)
        }
        if isForTREC, id.contains(where: \.isWhitespace) {
            throw Problem(description: "the id \"\(id)\" has white space, which TREC forbids")
        }
        if isForTREC { request.documents = nil }
    }

    private init(id: String, request: SearchRequest) {
        self.id = id
        self.request = request
    }

    private static func tabs(_ text: String) throws(Problem) -> BatchLine {
        let parts = text.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else {
            throw Problem(description: "expected an id, a tab and a query")
        }
        let query = parts[1].last == "\r" ? parts[1].dropLast() : parts[1]
        return BatchLine(id: String(parts[0]), request: SearchRequest(String(query)))
    }

    private static func json(_ line: Data, _ number: Int) throws(Problem) -> BatchLine {
        let content: Content
        do {
            content = try JSONDecoder().decode(Content.self, from: line)
        } catch {
            throw Problem(description: explain(error))
        }
        let request = SearchRequest(
            content.text, limit: content.limit?.value, offset: content.offset?.value,
            queryOperator: content.queryOperator, after: content.after,
            documents: content.documents)
        return BatchLine(id: content.id?.text ?? "\(number)", request: request)
    }

    private static func explain(_ error: any Error) -> String {
        let expected =
            "; expected {\"id\": text or number, \"text\": query} and, if wanted, "
            + "\"limit\", \"offset\", \"operator\": \"or\" or \"and\", \"after\": the \"next\" of an "
            + "answer, \"documents\": true or false"
        switch error {
        case DecodingError.keyNotFound(let key, _):
            return "\"\(key.stringValue)\" is missing" + expected
        case DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context):
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            return "\"\(path)\" is of a wrong type" + expected
        case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            return "\"\(path)\" has a wrong value" + expected
        default:
            return "not a JSON object" + expected
        }
    }

    private struct Content: Decodable {
        let id: Name?
        let text: String
        let limit: Count?
        let offset: Count?
        let queryOperator: QueryOperator?
        let after: String?
        let documents: Bool?

        enum CodingKeys: String, CodingKey {
            case id, text, limit, offset, after, documents
            case queryOperator = "operator"
        }
    }

    /// A whole number; any other number is a wrong value of its member.
    private struct Count: Decodable {
        let value: UInt32

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            guard let value = UInt32(exactly: try container.decode(Double.self)) else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "expected 0 to \(UInt32.max)")
            }
            self.value = value
        }
    }

    /// A string, or an integer as its decimal text.
    private struct Name: Decodable {
        let text: String

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let number = try? value.decode(Int64.self) {
                text = "\(number)"
            } else {
                text = try value.decode(String.self)
            }
        }
    }
}

extension QueryOperator: Decodable {}
