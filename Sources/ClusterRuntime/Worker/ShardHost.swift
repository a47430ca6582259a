import ClusterCore
import SearchIndex
import WireMessages

struct ShardHost: Sendable {
    let announcements: [WireServedIndex]
    init(dataFolder: String, serve: [(index: String, shards: ShardSelection)]) throws {
        announcements = []
    }
    func perform(_ job: WorkerJob, control: JobControl) -> JobOutcome { .failed(.internal, "") }
}
