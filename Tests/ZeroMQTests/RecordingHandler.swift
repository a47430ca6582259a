import Glibc
import Synchronization
import ZeroMQ

/// What a loop under test did, readable from the test.
final class Record: Sendable {
    struct Entries: Sendable {
        var messages: [[Frame]] = []
        var commands: [Int] = []
        var errors: [ZMQError] = []
        var threads: Set<UInt> = []
        var turns = 0
        var isFinished = false
    }

    private let entries = Mutex(Entries())

    var now: Entries { entries.withLock { $0 } }

    func add(_ change: (inout Entries) -> Void) {
        entries.withLock { entries in
            entries.threads.insert(pthread_self())
            change(&entries)
        }
    }
}

/// Records everything, answers a message of `echo` with itself, stops on the command 0.
struct RecordingHandler: SocketLoopHandler {
    let record: Record
    var mustStop = false
    /// Called at each command, on the loop's thread; tests use it to hold the loop.
    var onCommand: @Sendable (Int) -> Void
    var wait: Duration
    /// So many messages are enough for a turn.
    var enough: Int
    /// What it waits for, awake, after each turn.
    var busyPoll: BusyPoll?
    private var takenInTurn = 0

    init(
        record: Record, onCommand: @escaping @Sendable (Int) -> Void = { _ in },
        wait: Duration = .seconds(60), enough: Int = .max, busyPoll: BusyPoll? = nil
    ) {
        self.busyPoll = busyPoll
        self.record = record
        self.onCommand = onCommand
        self.wait = wait
        self.enough = enough
    }

    var hasEnoughForTurn: Bool { takenInTurn >= enough }

    mutating func receive(
        _ frames: [Frame], from socket: SocketHandle, in sockets: inout LoopSockets
    ) {
        record.add { $0.messages.append(frames) }
        takenInTurn += 1
        if frames.last == "echo".frame { _ = try? sockets.send(frames, on: socket) }
        if frames.last == "close".frame { sockets.close(socket) }
    }

    mutating func handle(_ command: Int, in sockets: inout LoopSockets) {
        onCommand(command)
        record.add { $0.commands.append(command) }
        mustStop = mustStop || command == 0
    }

    mutating func receiveFailed(
        _ error: ZMQError, from socket: SocketHandle, in sockets: inout LoopSockets
    ) {
        record.add { $0.errors.append(error) }
    }

    mutating func endTurn(in sockets: inout LoopSockets) -> LoopDirective {
        record.add { $0.turns += 1 }
        takenInTurn = 0
        return mustStop ? .stop : .wait(atMost: wait, busyPoll: busyPoll)
    }

    mutating func finish(in sockets: inout LoopSockets) {
        record.add { $0.isFinished = true }
    }
}

/// Has enough after every message, and makes its first two sockets ready by turns.
struct FillingHandler: SocketLoopHandler {
    let record: Record
    let readers: [SocketHandle]
    let writers: [SocketHandle]
    /// It stops after so many messages.
    static let last = 40
    var hasEnoughForTurn = false

    mutating func receive(
        _ frames: [Frame], from socket: SocketHandle, in sockets: inout LoopSockets
    ) {
        record.add { $0.messages.append(frames) }
        hasEnoughForTurn = true
        if socket == readers[0] { _ = try? sockets.send([[2]], on: writers[1]) }
        if socket == readers[1] { _ = try? sockets.send([[1]], on: writers[0]) }
    }

    mutating func handle(_ command: Int, in sockets: inout LoopSockets) {}

    mutating func receiveFailed(
        _ error: ZMQError, from socket: SocketHandle, in sockets: inout LoopSockets
    ) {
        record.add { $0.errors.append(error) }
    }

    mutating func endTurn(in sockets: inout LoopSockets) -> LoopDirective {
        hasEnoughForTurn = false
        return record.now.messages.count >= Self.last ? .stop : .wait(atMost: .seconds(60))
    }

    mutating func finish(in sockets: inout LoopSockets) {}
}
