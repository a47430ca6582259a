package import SearchIndex
package import WireMessages
package import WireProtocol

/// Making the query tree's form on the wire.
extension Query {
    /// The form that is sent.
    package var wire: WireQuery {
        var wire = WireQuery()
        switch self {
        case .matchAll(let boost): wire.matchAll.boost = boost
        case .matchNone: wire.matchNone = WireMatchNoneQuery()
        case .term(let query):
            wire.term.field = query.field
            wire.term.term = String(decoding: query.term, as: UTF8.self)
            wire.term.boost = query.boost
        case .phrase(let query): wire.phrase = query.wire
        case .boolean(let query): wire.boolean = query.wire
        case .constantScore(let query):
            wire.constantScore.query = query.query.wire
            wire.constantScore.boost = query.boost
        case .disjunctionMax(let query):
            wire.disjunctionMax.queries = query.queries.map(\.wire)
            wire.disjunctionMax.tieBreaker = query.tieBreaker
        case .expansion(let query): wire.expansion = query.wire
        case .range(let query): wire.range = query.wire
        case .termSet(let query):
            wire.termSet.field = query.field
            wire.termSet.values = query.values.map(\.wire)
            wire.termSet.boost = query.boost
        case .exists(let query):
            wire.exists.field = query.field
            wire.exists.boost = query.boost
        case .moreLikeThis(let query): wire.moreLikeThis = query.wire
        }
        return wire
    }
}

// The octets.
extension Query {
    /// The frame of `wire` in protobuf. Terms and groups of them, which nearly all queries are, are
    /// written as they are read (`QueryCodingTests`).
    package var encoded: Frame {
        var writer = ProtobufWriter(capacity: 128)
        encode(to: &writer)
        return writer.frame
    }

    fileprivate func encode(to writer: inout ProtobufWriter) {
        switch self {
        case .term(let query) where query.term.allSatisfy({ $0 < 0x80 }):
            writer.append(
                1,
                message: { writer in
                    writer.append(1, query.field)
                    writer.append(2, query.term)
                    writer.append(3, presentFloat: query.boost)
                })
        case .boolean(let query): writer.append(3, message: query.encode)
        default: writer.append(fields: WireCodec.protobuf.encodeOwn(wire))
        }
    }
}

extension BooleanQuery {
    fileprivate func encode(to writer: inout ProtobufWriter) {
        for member in must { writer.append(1, message: member.encode) }
        for member in should { writer.append(2, message: member.encode) }
        for member in mustNot { writer.append(3, message: member.encode) }
        for member in filter { writer.append(4, message: member.encode) }
        writer.append(5, UInt64(UInt32(clamping: minimumShouldMatch)))
    }
}

extension PhraseQuery {
    fileprivate var wire: WirePhraseQuery {
        var wire = WirePhraseQuery()
        wire.field = field
        wire.slop = slop
        wire.boost = boost
        wire.terms = terms.map { term in
            var wire = WirePhraseTerm()
            wire.term = String(decoding: term.term, as: UTF8.self)
            wire.position = term.position
            return wire
        }
        return wire
    }
}

extension BooleanQuery {
    fileprivate var wire: WireBooleanQuery {
        var wire = WireBooleanQuery()
        wire.must = must.map(\.wire)
        wire.should = should.map(\.wire)
        wire.mustNot = mustNot.map(\.wire)
        wire.filter = filter.map(\.wire)
        wire.minimumShouldMatch = UInt32(clamping: minimumShouldMatch)
        return wire
    }
}

extension ExpansionQuery {
    fileprivate var wire: WireExpansionQuery {
        var wire = WireExpansionQuery()
        wire.field = field
        wire.boost = boost
        switch pattern {
        case .prefix(let bytes): wire.prefix = String(decoding: bytes, as: UTF8.self)
        case .wildcard(let bytes): wire.wildcard = String(decoding: bytes, as: UTF8.self)
        case .regex(let bytes): wire.regex = String(decoding: bytes, as: UTF8.self)
        case .fuzzy(let term, let distance, let prefixLength, let transpositions):
            wire.fuzzy.term = String(decoding: term, as: UTF8.self)
            wire.fuzzy.distance = UInt32(clamping: distance)
            wire.fuzzy.prefixLength = UInt32(clamping: prefixLength)
            wire.fuzzy.transpositions = transpositions
        }
        return wire
    }
}

extension RangeQuery {
    fileprivate var wire: WireRangeQuery {
        var wire = WireRangeQuery()
        wire.field = field
        wire.boost = boost
        if let lower { wire.lower = lower.wire }
        if let upper { wire.upper = upper.wire }
        return wire
    }
}

extension RangeBound {
    fileprivate var wire: WireRangeBound {
        var wire = WireRangeBound()
        wire.value = value.wire
        wire.isExclusive = !isInclusive
        return wire
    }
}

extension FieldValue {
    /// The form that is sent.
    var wire: WireFieldValue {
        var wire = WireFieldValue()
        switch self {
        case .text(let bytes): wire.text = String(decoding: bytes, as: UTF8.self)
        case .integer(let value): wire.integer = value
        case .double(let value): wire.double = value
        case .bool(let value): wire.bool = value
        case .date(let value): wire.date = value
        }
        return wire
    }
}

extension MoreLikeThisQuery {
    fileprivate var wire: WireMoreLikeThisQuery {
        var wire = WireMoreLikeThisQuery()
        switch like {
        case .text(let bytes): wire.text = String(decoding: bytes, as: UTF8.self)
        case .document(let id): wire.documentID = String(decoding: id, as: UTF8.self)
        }
        wire.fields = fields
        wire.maximumQueryTerms = UInt32(clamping: maximumQueryTerms)
        wire.minimumTermFrequency = UInt32(clamping: minimumTermFrequency)
        wire.minimumDocumentFrequency = UInt32(clamping: minimumDocumentFrequency)
        wire.maximumDocumentFrequency = maximumDocumentFrequency
        wire.minimumShouldMatch = UInt32(clamping: minimumShouldMatch)
        wire.boost = boost
        return wire
    }
}
