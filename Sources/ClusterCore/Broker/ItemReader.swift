import SearchIndex
import WireMessages
import WireProtocol

/// Reads the items of one SUBMIT.
struct ItemReader {
    private let items: SubmittedItems
    private let defaults: WireSubmit
    private let merge: MergeStrategy
    /// Of the items that ask nothing of their own, once there was one.
    private var shared: ItemSettings?

    /// What an item asks, or why it cannot be read.
    struct Asked {
        var settings: ItemSettings?
        var source: QuerySource?
        var failure: ItemFailure?
    }

    /// - Parameter merge: how hits are merged where the SUBMIT does not say and the search allows it.
    init(_ items: SubmittedItems, defaults: WireSubmit, merge: MergeStrategy) {
        self.items = items
        self.defaults = defaults
        self.merge = merge
    }

    /// Reads the item at a position; a bad one fails alone.
    mutating func item(at position: Int) -> Asked {
        if let shared, let text = plainText(at: position) {
            return Asked(settings: shared, source: .text(text))
        }
        do {
            let item = try items.codec.decode(WireItem.self, from: Frame(items[position].slice))
            return Asked(settings: try settings(of: item), source: try QuerySource(item))
        } catch let failure as ItemFailure {
            return Asked(failure: failure)
        } catch {
            return Asked(failure: ItemFailure(.badRequest, "item \(position): \(error)"))
        }
    }

    /// The text of an item that has nothing else, in ASCII; nil for any other, which is for the general
    /// decoder.
    func plainText(at position: Int) -> Frame? {
        guard items.codec == .protobuf else { return nil }
        var reader = items[position].reader
        guard reader.nextField() == 1, let octets = reader.octets(), reader.isAtEnd,
            octets.allSatisfy({ $0 < 0x80 })
        else { return nil }
        return Array(octets)
    }

    private mutating func settings(of item: WireItem) throws(ItemFailure) -> ItemSettings {
        guard item.asksNothingElse else {
            return try ItemSettings(item, defaults: defaults, merge: merge)
        }
        if let shared { return shared }
        let settings = try ItemSettings(item, defaults: defaults, merge: merge)
        shared = settings
        return settings
    }
}

/// A query as text, to be analysed with each index's schema, or as a tree.
enum QuerySource: Sendable {
    /// In UTF-8.
    case text(Frame)
    case tree(Query)

    init(_ item: WireItem) throws(ItemFailure) {
        guard item.hasQuery else {
            self = .text(Array(item.text.utf8))
            return
        }
        guard item.text.isEmpty else {
            throw ItemFailure(.badRequest, "an item has either `text` or `query`, not both")
        }
        self = .tree(try Query(wire: item.query))
    }
}

extension WireItem {
    /// Whether it has a query alone, so that all else is as its SUBMIT says. What `ItemReaderTests` does
    /// not find here is shared by mistake.
    fileprivate var asksNothingElse: Bool {
        !hasLimit && !hasOffset && documents == .default && `operator` == .default
            && after.isEmpty && explain.isEmpty && traceparent.isEmpty && tracestate.isEmpty
    }
}
