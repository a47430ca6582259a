import SearchIndex
import WireMessages
import WireProtocol

/// What a client asked of one item, the defaults of its SUBMIT filled in.
struct ItemSettings: Sendable {
    /// By name; empty means all.
    let indexes: [String]
    let source: Source
    let limit: Int
    let offset: Int
    let wantsDocuments: Bool
    let defaultOperator: DefaultOperator
    let parserMode: QueryParser.Mode
    let wantsFullLedger: Bool

    /// A query as text, to be analysed with each index's schema, or as a tree.
    enum Source: Sendable {
        case text(String)
        case tree(Query)
    }

    /// Reads the item at a position of a SUBMIT; a bad frame fails that item alone.
    static func reading(
        _ message: WireMessage, item position: Int, defaults: WireSubmit
    ) -> Result<ItemSettings, ItemFailure> {
        do {
            let item: WireItem = try message.body(position, as: WireItem.self)
            return .success(try ItemSettings(item, defaults: defaults))
        } catch let failure as ItemFailure {
            return .failure(failure)
        } catch {
            return .failure(ItemFailure(.badRequest, "item \(position): \(error)"))
        }
    }

    private init(_ item: WireItem, defaults: WireSubmit) throws(ItemFailure) {
        indexes = defaults.indexes
        let defaultLimit =
            defaults.limit == 0 ? UInt32(ProtocolLimits.defaultHits) : defaults.limit
        limit = Int(item.hasLimit ? item.limit : defaultLimit)
        offset = Int(item.hasOffset ? item.offset : defaults.offset)
        guard limit + offset <= ProtocolLimits.maxHits else {
            throw ItemFailure(
                .badRequest,
                "offset \(offset) plus limit \(limit) is over \(ProtocolLimits.maxHits); "
                    + "ask for fewer hits")
        }
        let documents = item.documents == .default ? defaults.documents : item.documents
        wantsDocuments = documents != .none
        let choice = item.operator == .default ? defaults.operator : item.operator
        defaultOperator = choice == .and ? .and : .or
        parserMode = defaults.lenient ? .lenient : .strict
        wantsFullLedger = defaults.ledger == .full
        source = try Self.source(of: item)
    }

    private static func source(of item: WireItem) throws(ItemFailure) -> Source {
        guard item.hasQuery else { return .text(item.text) }
        guard item.text.isEmpty else {
            throw ItemFailure(.badRequest, "an item has either `text` or `query`, not both")
        }
        return .tree(try Query(wire: item.query))
    }
}
