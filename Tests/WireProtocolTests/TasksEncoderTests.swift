import TestSupport
import Testing
import WireMessages
import WireProtocol

struct TasksEncoderTests {
    @Test func `behind a call without tasks the octets are those of the whole call`() throws {
        var random = SeededRandom.forTest("tasks encoder")
        for _ in 0..<500 {
            var call = WireCallMeta()
            call.index = "packages"
            call.statistics.documents = 3
            let before = try WireCodec.protobuf.encode(call)
            var encoder = TasksEncoder()
            for _ in 0..<Int.random(in: 0...5, using: &random) {
                let task = task(&random)
                call.tasks.append(task)
                encoder.append(task)
            }
            #expect(encoder.meta(after: before) == (try WireCodec.protobuf.encode(call)))
        }
    }

    private func task(_ random: inout SeededRandom) -> WireTask {
        func number() -> UInt64 { random.next() >> UInt64.random(in: 0...63, using: &random) }
        func isSo() -> Bool { Bool.random(using: &random) }
        var task = WireTask()
        task.task = number()
        task.query = UInt32(truncatingIfNeeded: number())
        task.shard = UInt32(truncatingIfNeeded: number())
        task.generation = isSo() ? 0 : number()
        task.k = UInt32(truncatingIfNeeded: number())
        task.budgetMs = UInt32(truncatingIfNeeded: number())
        task.kind = [.search, .likeTerms, .explain].randomElement(using: &random) ?? .search
        task.lenient = isSo()
        if isSo() { task.countUpTo = isSo() ? 0 : number() }
        if isSo() { task.floor = [0, -0.0, 1.5].randomElement(using: &random) ?? 0 }
        task.sharesFloor = isSo()
        guard isSo() else { return task }
        task.options.lowest = isSo()
        if isSo() {
            var key = WireSortKey()
            key.field = "n"
            task.options.sort = [key, key]
            task.options.after.orderKey = number()
            task.options.form.fields = ["a.b"]
            task.options.traceparent = "00-1-2-01"
        }
        // Long enough for lengths of two octets.
        if isSo() { task.options.documentID = String(repeating: "d", count: 200) }
        return task
    }
}
