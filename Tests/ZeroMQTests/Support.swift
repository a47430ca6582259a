import FoundationEssentials
import Testing
import ZeroMQ

/// How long a test waits for something that has to happen; long, since the machine may be busy.
let patience = Duration.seconds(20)

/// How long to look for something that must not happen, or between two looks.
let moment = Duration.milliseconds(20)

/// A folder of its own for the ipc paths of a test, removed with the object.
final class TestDirectory {
    let path: String

    init() throws {
        path = "/tmp/swiftlet-\(UInt64.random(in: .min ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func endpoint(_ name: String = "socket") -> String { "ipc://\(path)/\(name)" }
}

/// A transport to test over, and how to bind on it.
enum Transport: CaseIterable {
    case inproc, ipc, tcp

    func address(in directory: TestDirectory) -> String {
        switch self {
        case .inproc: "inproc://test"
        case .ipc: directory.endpoint()
        case .tcp: "tcp://127.0.0.1:*"
        }
    }
}

/// The next message, or a test failure when none comes in time.
func next(_ socket: borrowing Socket) throws -> [Frame] {
    let deadline = ContinuousClock.now + patience
    while ContinuousClock.now < deadline {
        if let frames = try socket.receive() { return frames }
        _ = try socket.wait(for: .readable, atMost: ContinuousClock.now.duration(to: deadline))
    }
    throw Missing(what: "a message")
}

/// Sends once the socket can; a test failure when it cannot in time.
func deliver(_ frames: [Frame], on socket: borrowing Socket) throws {
    let deadline = ContinuousClock.now + patience
    while ContinuousClock.now < deadline {
        if try socket.send(frames) == .sent { return }
        _ = try socket.wait(for: .writable, atMost: moment)
    }
    throw Missing(what: "room to send")
}

/// Repeats `look` until it returns true; a test failure when it does not in time. `look` itself
/// waits a moment for an event where there is one.
func eventually(_ what: String, _ look: () throws -> Bool) throws {
    let deadline = ContinuousClock.now + patience
    while ContinuousClock.now < deadline {
        if try look() { return }
    }
    throw Missing(what: what)
}

/// What a test waited for in vain.
struct Missing: Error {
    let what: String
}

/// The error of a call that must fail.
func failure(_ body: () throws(ZMQError) -> Void) throws -> ZMQError {
    do throws(ZMQError) {
        try body()
    } catch {
        return error
    }
    throw Missing(what: "an error")
}

extension String {
    var frame: Frame { Frame(utf8) }
}
