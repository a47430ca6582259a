import SearchIndex
import WireMessages
import WireProtocol

/// What a client asked of an item beside its query, the defaults of its SUBMIT filled in. A reference,
/// since it is looked at with every task and every answer, and items that ask nothing of their own
/// share one.
final class ItemSettings: Sendable {
    /// By name; empty means all.
    let indexes: [String]
    let limit: Int
    let offset: Int
    /// Empty for the order of scores.
    let sort: [SortKey]
    /// Only hits behind this place are wanted; nil for all.
    let after: ResultCursor?
    let totals: TotalCounting
    /// The document whose score is to be explained, in place of hits; nil for hits.
    let explainedID: [UInt8]?
    /// What hits hold of their documents.
    let form: HitForm
    let defaultOperator: DefaultOperator
    let parserMode: QueryParser.Mode
    let wantsFullLedger: Bool
    /// What the answer may lack; nil for nothing.
    let partial: PartialAnswers?
    /// Whether the answer says where its time went.
    let wantsProfile: Bool
    /// How the hits of shards become one list.
    let merge: MergeStrategy
    /// How replicas are chosen; nil for the broker's way.
    let loadBalancing: LoadBalancing?
    /// The trace that the item is part of; nil for none.
    let trace: ItemTrace?
    /// Whether stored documents must be read for the hits.
    let needsSource: Bool
    /// Whether shards need not find what others have found better: in one list by scores, without a
    /// place to begin behind, and only where no shard may be left out, since the hits of the others would
    /// then lack what its own had made superfluous.
    let sharesFloor: Bool

    /// - Parameter merge: how hits are merged where the SUBMIT does not say and the search allows it.
    init(
        _ item: WireItem, defaults: WireSubmit, merge configured: MergeStrategy
    ) throws(ItemFailure) {
        try Self.checkChoices(item, defaults)
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
        sort = try SortKey.keys(defaults.sort)
        after = try Self.after(item, sort)
        totals = TotalCounting(wire: defaults.hasCountUpTo ? defaults.countUpTo : nil)
        explainedID = item.explain.isEmpty ? nil : Array(item.explain.utf8)
        form = try Self.form(of: item, defaults: defaults)
        let choice = item.operator == .default ? defaults.operator : item.operator
        defaultOperator = choice == .and ? .and : .or
        parserMode = defaults.lenient ? .lenient : .strict
        wantsFullLedger = defaults.ledger == .full
        wantsProfile = defaults.profile
        partial = try PartialAnswers.reading(defaults)
        loadBalancing = try LoadBalancing(wire: defaults.loadBalancing)
        merge =
            try MergeStrategy(wire: defaults.merge)
            ?? configured.ifPossible(sort: sort, hasPlace: after != nil)
        try merge.check(sort: sort, hasPlace: after != nil)
        trace = ItemTrace(item, defaults: defaults)
        needsSource = form.needsSource
        sharesFloor =
            merge == .scoreDescending && sort.isEmpty && after == nil && partial == nil
            && limit + offset > 0
    }

    /// Refuses choices by number that this version does not know.
    private static func checkChoices(
        _ item: WireItem, _ defaults: WireSubmit
    ) throws(ItemFailure) {
        try check("operator", item.operator)
        try check("operator", defaults.operator)
        try check("documents", item.documents)
        try check("documents", defaults.documents)
        try check("ledger", defaults.ledger)
        try check("order", defaults.order)
    }

    private static func check<Choice: RawRepresentable<Int> & CaseIterable>(
        _ name: String, _ choice: Choice
    ) throws(ItemFailure) {
        guard 0..<Choice.allCases.count ~= choice.rawValue else {
            throw ItemFailure(unknown: choice, of: name)
        }
    }

    private static func after(
        _ item: WireItem, _ keys: [SortKey]
    ) throws(ItemFailure) -> ResultCursor? {
        if item.after.isEmpty { return nil }
        do throws(SortError) {
            return try ResultCursor(token: item.after, keys: keys)
        } catch {
            throw ItemFailure(SearchError.sort(error))
        }
    }

    private static func form(
        of item: WireItem, defaults: WireSubmit
    ) throws(ItemFailure) -> HitForm {
        let documents = item.documents == .default ? defaults.documents : item.documents
        var form = HitForm(wantsDocument: documents != .none, fields: defaults.fields)
        _ = try HitFormer.selection(form.fields)
        if defaults.hasHighlight { form.highlighting = try Highlighting(wire: defaults.highlight) }
        return form
    }

    /// Whether it names fields, so that there is something to check.
    var namesFields: Bool { !sort.isEmpty || form.highlighting != nil }

    /// Checks that an index can be searched so, before any of it is asked.
    func check(_ schema: Schema) throws(ItemFailure) {
        do throws(SearchError) {
            if !sort.isEmpty {
                do throws(SortError) {
                    try SortKey.check(sort, after: after?.tuple, schema: schema)
                } catch {
                    throw SearchError.sort(error)
                }
            }
            try Highlighter.check(form.highlighting?.fields ?? [], of: schema)
        } catch {
            throw ItemFailure(error)
        }
    }
}

extension ItemSettings {
    /// Whether the only shard asked can send the documents with its hits: it knows which are wanted.
    func sendsDocumentsWithHits(of item: PendingItem) -> Bool {
        needsSource && item.parts.count == 1 && merge != .reciprocalRankFusion
    }
}

// Going on behind a place.
extension ItemSettings {
    /// The place that wanted hits of an index are behind; nil for all hits.
    ///
    /// Order keys are unique in one index only. In any other than the cursor's, a hit at the very
    /// place may stand before or behind it, so it is asked for and the broker decides.
    func place(in index: String, of item: PendingItem) -> SearchPlace? {
        guard let after else { return nil }
        // There is one query for each index.
        return SearchPlace(
            score: after.score, tuple: after.tuple,
            includesPlace: item.queryFrames.count > 1 && index != after.index)
    }
}

extension FoundHit {
    /// Whether the hit, of another index, is behind a place: at the same score or values and order
    /// key ids decide, and between equal ids the order of the indexes.
    func isBehind(_ cursor: ResultCursor, ofLaterIndex isLater: Bool) -> Bool {
        let isAtPlace =
            ranked.orderKey == cursor.tuple.orderKey && values == cursor.tuple.values
            && (!values.isEmpty || ranked.score == cursor.score)
        guard isAtPlace else { return true }
        if ranked.id == cursor.id { return isLater }
        return cursor.id.lexicographicallyPrecedes(ranked.id)
    }

    /// The hit's place.
    func cursor(in index: String) -> ResultCursor {
        ResultCursor(score: ranked.score, tuple: tuple, id: ranked.id, index: index)
    }
}
