import SearchIndex
import WireMessages
import WireProtocol

/// What a SUBMIT says for all of its items, read. A reference: clients ask again and again the same way, and
/// reading it costs as much as all else that is done for an item.
final class SubmitDefaults {
    let submit: WireSubmit
    private let frame: Frame
    private let codec: WireCodec
    /// How hits are merged where the SUBMIT does not say and the search allows it.
    private let merge: MergeStrategy
    /// Of the items that ask nothing of their own, once there was one.
    private var shared: ItemSettings?

    /// - Throws: `WireError.malformedMessage`.
    init(_ message: WireMessage, merge: MergeStrategy) throws(WireError) {
        submit = try message.meta()
        frame = message.frames.first ?? []
        codec = message.header.codec
        self.merge = merge
    }

    /// Whether a message says the same in the same octets, and would be read alike.
    func isSaid(by message: WireMessage, merge: MergeStrategy) -> Bool {
        codec == message.header.codec && self.merge == merge
            && frame == message.frames.first ?? []
    }

    /// Whether it is small enough to be kept for the next SUBMIT.
    var isWorthKeeping: Bool { frame.count <= Self.mostKept }

    private static let mostKept = 4_096

    /// What an item asks.
    func settings(of item: WireItem) throws(ItemFailure) -> ItemSettings {
        item.asksNothingElse
            ? try settingsOfPlainItems()
            : try ItemSettings(item, defaults: submit, merge: merge)
    }

    /// What an item asks that has a query alone.
    func settingsOfPlainItems() throws(ItemFailure) -> ItemSettings {
        if let shared { return shared }
        let settings = try ItemSettings(WireItem(), defaults: submit, merge: merge)
        shared = settings
        return settings
    }
}
