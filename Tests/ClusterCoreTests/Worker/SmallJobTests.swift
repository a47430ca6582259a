import SearchIndex
import TestSupport
import Testing
import WireProtocol

@testable import ClusterCore

/// Which jobs the worker's own thread may do.
struct SmallJobTests {
    @Test func `a job is among few while four at the most are in hand`() {
        let bench = WorkerHarness()
        bench.join()
        _ = bench.take()
        bench.call([1, 2])
        bench.call([3, 4, 5, 6])
        let jobs = bench.jobs()
        #expect(jobs.map(\.isAmongFew) == [true, true, true, true, false, false])
        for job in jobs { bench.finish(job) }
        bench.call([7])
        #expect(bench.jobs().map(\.isAmongFew) == [true])
    }

    /// Jobs on an index of so many documents that hold the word `all`, a tenth of them also `some`.
    private struct Shard {
        let scratch: ScratchShard

        init(documents: Int) throws {
            scratch = try ScratchShard(
                (0..<documents).map { $0 % 10 == 0 ? "all some" : "all" })
        }

        func isSmall(
            _ word: String, k: Int = 10, isAmongFew: Bool = true, lowest: Bool = false,
            sort: [SortKey] = [], documentsFrom: Int? = nil
        ) -> Bool {
            let search = WorkerJob.SearchJob(
                query: .term(TermQuery(field: "body", term: Array(word.utf8))),
                statistics: scratch.index.description.statistics, k: k, lowest: lowest,
                sort: sort, documentsFrom: documentsFrom)
            let job = WorkerJob(
                id: JobID(number: 1), shard: ServedShardKey(index: "i", shard: 0),
                deadline: .distantFuture, kind: .search(search), isAmongFew: isAmongFew)
            return job.isSmall(in: scratch.index.shards[0])
        }
    }

    @Test func `small are searches of few postings for few hits, without documents or sort keys`()
        throws
    {
        let shard = try Shard(documents: 1_030)
        #expect(shard.isSmall("some"))
        #expect(shard.isSmall("absent"))
        #expect(!shard.isSmall("all"))
        #expect(shard.isSmall("some", k: 100))
        #expect(!shard.isSmall("some", k: 101))
        #expect(!shard.isSmall("some", isAmongFew: false))
        #expect(!shard.isSmall("some", lowest: true))
        #expect(!shard.isSmall("some", sort: [SortKey(field: "size")]))
        #expect(!shard.isSmall("some", documentsFrom: 0))
    }
}
