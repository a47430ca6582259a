import SearchIndex
import WireMessages
import WireProtocol

/// Reads the items of one SUBMIT.
struct ItemReader {
    let items: SubmittedItems
    let defaults: SubmitDefaults

    /// What an item asks, or why it cannot be read.
    struct Asked {
        var settings: ItemSettings?
        var source: QuerySource?
        var failure: ItemFailure?
    }

    /// Reads the item at a position; a bad one fails alone.
    func item(at position: Int) -> Asked {
        do {
            if let text = plainText(at: position) {
                return Asked(settings: try defaults.settingsOfPlainItems(), source: .text(text))
            }
            let item = try items.codec.decode(
                WireItem.self, from: Frame(items.octets(at: position)))
            return Asked(settings: try defaults.settings(of: item), source: try QuerySource(item))
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
        var reader = items[position]
        guard reader.nextField() == 1, let octets = reader.octets(), reader.isAtEnd,
            octets.isASCII
        else { return nil }
        return Array(octets)
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
