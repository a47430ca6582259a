import Foundation

/// What `swiftlet search --json` prints, as far as tests look at it.
struct SearchAnswer: Decodable {
    struct Hit: Decodable, Equatable {
        let id: String
        let score: Float?
        let shard: UInt32?
        let sort: [SortValue]?
        let document: Document?
        let highlights: [String: [String]]?
    }

    /// A value that hits are sorted by.
    enum SortValue: Decodable, Equatable {
        case missing
        case number(Double)
        case text(String)
        case bool(Bool)

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if value.decodeNil() {
                self = .missing
            } else if let number = try? value.decode(Double.self) {
                self = .number(number)
            } else if let text = try? value.decode(String.self) {
                self = .text(text)
            } else {
                self = .bool(try value.decode(Bool.self))
            }
        }
    }

    /// A stored document, or the members selected of one.
    struct Document: Decodable, Equatable {
        struct Meta: Decodable, Equatable {
            let lang: String?
            let n: Int?
        }
        let id: String?
        let title: String?
        let year: Int?
        let meta: Meta?
    }

    let total_hits: Int
    let total_relation: String?
    let hits: [Hit]
    let next: String?

    init(_ end: Running.End) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(end.output.utf8))
    }

    /// The ids, one behind the other.
    var ids: String { hits.map(\.id).joined() }
}
