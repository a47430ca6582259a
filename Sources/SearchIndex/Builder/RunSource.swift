/// A run of a build, in memory or written out, as a source of the index.
struct RunSource: Sendable {
    /// The documents of a run that have a value of a field.
    struct Holders: Sendable {
        let field: Field
        var documents: [UInt32]
    }

    /// The documents with their terms.
    let source: any MergeSource
    /// By field; empty when the schema is known.
    let holders: [Holders]

    /// A run in memory.
    init(_ run: DocumentRun, schema: Schema?) {
        source = MemorySource(run)
        holders =
            schema == nil
            ? run.fields.map { Holders(field: $0.field, documents: $0.tokens.documents) } : []
    }

    /// Writes runs as one segment file, and makes that the source.
    ///
    /// - Parameter path: The file to make, in a folder that is removed with the build.
    init(
        writing runs: [RunSource], to path: String, schema: Schema?, memoryBytes: Int
    ) throws(IndexError) {
        let sources = runs.map(\.source)
        let plan = try PlacementPlan(
            sources, deleted: sources.map { _ in nil },
            PlacementPlan.Rules(looksAtIDs: false))
        holders = Self.merged(runs, plan)
        let fields = schema?.fields.filter { $0.hasTerms || $0.isColumn } ?? holders.map(\.field)
        let assembler = SegmentAssembler(
            sources: sources, plan: plan, buildID: .random(),
            storesSource: schema?.storesSource ?? true, threads: 1, memoryBytes: memoryBytes)
        _ = try assembler.write(
            fields.enumerated().map { (FieldNumber(UInt16($0.offset)), $0.element) },
            scratch: path + ".scratch", to: [path])
        source = SegmentSource(try SegmentReader(path: path))
    }

    private static func merged(_ runs: [RunSource], _ plan: PlacementPlan) -> [Holders] {
        var merged: [Holders] = []
        var places: [[UInt8]: Int] = [:]
        for (run, placement) in zip(runs, plan.placements) {
            for holder in run.holders {
                let name = Array(holder.field.name.utf8)
                let documents = holder.documents.map { placement.numbers[Int($0)] }
                if let place = places[name] {
                    merged[place].documents += documents
                } else {
                    places[name] = merged.count
                    merged.append(Holders(field: holder.field, documents: documents))
                }
            }
        }
        for index in merged.indices { merged[index].documents.sort() }
        return merged
    }
}

extension Schema {
    /// The schema of the fields that a document of the plan has, by their first appearance.
    ///
    /// - Throws: `badInput` when there is none, `limitExceeded` when there are too many.
    init(inferredFrom runs: [RunSource], _ plan: PlacementPlan, name: String) throws(IndexError) {
        var firsts: [[UInt8]: (key: UInt64, place: Int, field: Field)] = [:]
        for (run, placement) in zip(runs, plan.placements) {
            let keys = try run.source.orderKeys()
            for (place, holder) in run.holders.enumerated() {
                let first = holder.documents.first {
                    placement.numbers[Int($0)] != DocumentPlacement.dropped
                }
                guard let first else { continue }
                let key = keys[Int(first)]
                let name = Array(holder.field.name.utf8)
                if let known = firsts[name], known.key <= key { continue }
                firsts[name] = (key, place, holder.field)
            }
        }
        // A document is in one run, where its fields have the order of their first appearance.
        let fields = firsts.values.sorted { ($0.key, $0.place) < ($1.key, $1.place) }.map(\.field)
        do {
            try self.init(fields: fields)
        } catch {
            throw IndexError(
                .badInput, "cannot make a schema from the documents", file: name,
                found: "\(error)",
                advice: "give documents with members that are strings, or a schema")
        }
    }
}
