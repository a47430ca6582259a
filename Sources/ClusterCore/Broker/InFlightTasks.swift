/// The tasks that one worker has. Each knows its place here, so that adding and removing one takes no
/// search: O(1).
struct InFlightTasks {
    private var tasks: [PendingTask] = []

    var count: Int { tasks.count }
    var isEmpty: Bool { tasks.isEmpty }

    /// In the order in which they were sent. O(n log n).
    var inOrder: [PendingTask] { tasks.sorted { $0.id.number < $1.id.number } }

    /// Adds a task that is not in flight.
    mutating func append(_ task: PendingTask) {
        task.place = tasks.count
        tasks.append(task)
    }

    /// Removes a task, which has ended; another may change its place. Does nothing if it had ended before.
    mutating func remove(_ task: PendingTask) {
        guard let place = task.place else { return }
        precondition(tasks[place] === task, "task \(task.id.number) is another worker's")
        let last = tasks.removeLast()
        if last !== task {
            tasks[place] = last
            last.place = place
        }
        task.place = nil
    }
}
