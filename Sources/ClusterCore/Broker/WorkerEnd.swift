import WireMessages
import WireProtocol

/// Why a worker will not answer the tasks that it has: what it says of them (docs/decisions/0026).
enum WorkerEnd {
    /// It has said that it leaves: they are to be done elsewhere, and nothing more.
    case left
    /// Its process has ended, perhaps of one of them.
    case died
    /// Its session has ended and its process has not.
    case cutOff
    /// Its connection is gone; why, the end of its session will show.
    case unreachable
}

/// Which process a worker is: a HELLO with another one comes from a new start.
struct WorkerProcess: Equatable {
    let incarnation: UInt64
    let pid: UInt32
    let host: String

    init(_ hello: WireHello) {
        incarnation = hello.incarnation
        pid = hello.pid
        host = hello.host
    }
}
