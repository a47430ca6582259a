import SearchIndex
import WireMessages

extension LikeTerm {
    /// The form that is sent.
    var wire: WireLikeTerm {
        var wire = WireLikeTerm()
        wire.field = field
        wire.fieldOrder = fieldOrder
        wire.term = String(decoding: term, as: UTF8.self)
        wire.weight = weight
        return wire
    }

    /// From a worker.
    init(wire: WireLikeTerm) {
        self.init(
            field: wire.field, fieldOrder: wire.fieldOrder, term: Array(wire.term.utf8),
            weight: wire.weight)
    }
}
