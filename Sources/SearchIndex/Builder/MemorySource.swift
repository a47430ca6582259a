/// A run as a source.
struct MemorySource: MergeSource {
    private let run: DocumentRun

    init(_ run: DocumentRun) { self.run = run }

    var documentCount: Int { run.documents.count }

    func orderKeys() -> [UInt64] { run.documents.orderKeys }

    func appendID(of document: Int, to bytes: inout [UInt8]) {
        run.documents.withID(of: document) { bytes.append(copying: $0) }
    }

    func appendSource(of document: Int, to bytes: inout [UInt8]) {
        run.documents.withSource(of: document) { bytes.append(copying: $0) }
    }

    func field(
        named name: String, _ placement: DocumentPlacement
    ) throws(IndexError) -> (any MergeField)? {
        guard let data = data(named: name) else { return nil }
        return try MemoryField(MemoryField.Part(data: data, placement: placement))
    }

    /// The field of that name in all sources, if they are the runs that a plan's only segment is
    /// made from; nil when they are not, or none has the field.
    static func field(
        _ field: Field, of sources: [any MergeSource], _ plan: PlacementPlan, threads: Int
    ) throws(IndexError) -> MemoryField? {
        let runs = sources.compactMap { $0 as? MemorySource }
        guard runs.count == sources.count, runs.count > 1, plan.targets.count == 1 else {
            return nil
        }
        let data = runs.map { $0.data(named: field.name) }
        guard data.contains(where: { $0 != nil }) else { return nil }
        let parts = zip(data, plan.placements).map {
            MemoryField.Part(data: $0 ?? FieldData(field), placement: $1)
        }
        return try MemoryField(parts, plan.targets[0].documents, threads: threads)
    }

    private func data(named name: String) -> FieldData? {
        run.fields.first { $0.field.name.utf8.elementsEqual(name.utf8) }
    }

    func appendColumn(
        of field: Field, _ placement: DocumentPlacement, to columns: inout [ColumnCollector]
    ) {
        data(named: field.name)?.column?.append(placement, to: &columns)
    }
}
