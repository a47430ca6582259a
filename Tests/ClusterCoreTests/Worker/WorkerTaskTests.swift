import SearchIndex
import Testing
import WireProtocol

@testable import ClusterCore

/// What a worker makes of the members of a task.
struct WorkerTaskTests {
    @Test func `a job has the order, place, count and form that its task asks for`() throws {
        let bench = WorkerHarness()
        bench.join()
        let keys = [SortKey(field: "n", isAscending: false), SortKey(field: "t", missing: .first)]
        let place = SearchPlace(
            score: 0, tuple: SortTuple(values: [.integer(3), nil], orderKey: OrderKey(9)),
            includesPlace: true)
        let form = HitForm(
            wantsDocument: false, fields: ["a.b"],
            highlighting: Highlighting(
                fields: ["t"], options: SnippetOptions(escapesHTML: true, fragments: 2, length: 9)))
        bench.call([1]) {
            $0.options.sort = keys.map(\.wire)
            $0.options.after = place.wire
            $0.countUpTo = 7
            $0.lenient = true
            $0.options.documents = true
            $0.options.first = 4
            $0.options.form = form.wire
        }
        guard case .search(let job) = try #require(bench.jobs().first).kind else {
            Issue.record("no search")
            return
        }
        #expect(job.sort == keys)
        #expect(job.after == place)
        #expect(job.totals == .upTo(7))
        #expect(job.limits == ExpansionLimits(excess: .cut))
        #expect(job.documentsFrom == 4)
        #expect(job.form == form)
    }

    @Test func `a task that says nothing more is a strict search by score that counts all`()
        throws
    {
        let bench = WorkerHarness()
        bench.join()
        bench.call([1])
        guard case .search(let job) = try #require(bench.jobs().first).kind else {
            Issue.record("no search")
            return
        }
        #expect(job.sort.isEmpty && job.after == nil && job.documentsFrom == nil)
        #expect(job.totals == .exact)
        #expect(job.limits == ExpansionLimits())
    }

    /// Changes to a task that cannot be done, with the code of the refusal.
    private static let wrong: [(change: @Sendable (inout WireTask) -> Void, code: WireErrorCode)] =
        [
            ({ $0.k = UInt32(ProtocolLimits.maxHits) + 2 }, .badRequest),
            (
                { $0.options.sort = Array(repeating: SortKey(field: "n").wire, count: 5) },
                .badRequest
            ),
            (
                {
                    $0.options.sort = [SortKey(field: "n").wire]
                    $0.options.after = WirePlace()
                }, .badRequest
            ),
            ({ $0.options.after.score = .nan }, .badRequest),
            ({ $0.options.form.fields = [""] }, .badRequest),
            ({ $0.kind = .UNRECOGNIZED(99) }, .unsupported),
        ]

    @Test(arguments: wrong.indices)
    func `a task that cannot be done is refused, and the worker goes on`(number: Int) throws {
        let bench = WorkerHarness()
        bench.join()
        bench.call([1], Self.wrong[number].change)
        #expect(try bench.failures().map(\.code) == [Self.wrong[number].code])
        bench.call([2])
        #expect(bench.jobs().count == 1)
    }

    @Test func `explanations and terms are asked with the statistics and the document`() throws {
        let bench = WorkerHarness()
        bench.join()
        bench.call([1]) {
            $0.kind = .explain
            $0.options.documentID = "doc"
        }
        bench.call([2]) { $0.kind = .likeTerms }
        let kinds = bench.jobs().map(\.kind)
        try #require(kinds.count == 2)
        guard case .explain(let explain) = kinds[0], case .likeTerms = kinds[1] else {
            Issue.record("other jobs: \(kinds)")
            return
        }
        #expect(explain.documentID == Array("doc".utf8))
    }

    @Test func `each CALL is scored with its own statistics`() {
        let bench = WorkerHarness()
        bench.join()
        _ = bench.take()
        for (number, documents) in [(1, 100), (2, 100), (3, 200), (4, 100)] {
            bench.call([UInt64(number)], documents: UInt64(documents))
        }
        let documents = bench.take().compactMap { action -> UInt64? in
            guard case .run(let job) = action, case .search(let search) = job.kind else {
                return nil
            }
            return search.statistics.documents
        }
        #expect(documents == [100, 100, 200, 100])
    }
}
