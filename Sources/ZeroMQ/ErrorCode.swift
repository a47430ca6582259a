internal import CZeroMQ
internal import Glibc

/// The number of an error, as libzmq and Linux give it (`errno`), or one of this layer's own.
package struct ErrorCode: RawRepresentable, Hashable, Sendable {
    /// The `errno` number; negative for the errors that this layer adds.
    package let rawValue: Int32

    /// Takes any `errno` number.
    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// EADDRINUSE: another socket is bound to this endpoint.
    package static let addressInUse = ErrorCode(rawValue: EADDRINUSE)
    /// EADDRNOTAVAIL: the address is not one of this machine's.
    package static let addressNotAvailable = ErrorCode(rawValue: EADDRNOTAVAIL)
    /// EACCES: the directory or port is not ours to use.
    package static let accessDenied = ErrorCode(rawValue: EACCES)
    /// EEXIST: something that is not a socket has the path.
    package static let pathOccupied = ErrorCode(rawValue: EEXIST)
    /// ENAMETOOLONG: the path of an ipc endpoint is over the limit of the system.
    package static let nameTooLong = ErrorCode(rawValue: ENAMETOOLONG)
    /// EINVAL: the endpoint, option value or message does not have the required form.
    package static let invalidArgument = ErrorCode(rawValue: EINVAL)
    /// EPROTONOSUPPORT: the endpoint does not begin with ipc, tcp or inproc.
    package static let protocolNotSupported = ErrorCode(rawValue: EPROTONOSUPPORT)
    /// ENODEV: the network interface does not exist.
    package static let noSuchInterface = ErrorCode(rawValue: ENODEV)
    /// ENOENT: no such endpoint, or no such directory.
    package static let notFound = ErrorCode(rawValue: ENOENT)
    /// EMSGSIZE: a frame or a message is over its limit of bytes.
    package static let messageTooLarge = ErrorCode(rawValue: EMSGSIZE)
    /// EMFILE: no more sockets or file descriptors.
    package static let tooManyOpen = ErrorCode(rawValue: EMFILE)
    /// ETERM: the context was terminated.
    package static let contextTerminated = ErrorCode(rawValue: ETERM)
    /// ENOTSOCK: the socket is closed.
    package static let notASocket = ErrorCode(rawValue: ENOTSOCK)
    /// Ours: a message had more frames than `MessageLimits.frames`.
    package static let tooManyFrames = ErrorCode(rawValue: -1)

    static let interrupted = ErrorCode(rawValue: EINTR)
    static let tryAgain = ErrorCode(rawValue: EAGAIN)
    static let hostUnreachable = ErrorCode(rawValue: EHOSTUNREACH)

    /// The error of the last libzmq call of this thread.
    static var last: ErrorCode { ErrorCode(rawValue: zmq_errno()) }

    /// The error of the last system call of this thread.
    static var lastOfSystem: ErrorCode { ErrorCode(rawValue: errno) }

    /// The library's own words for this error.
    var text: String {
        if self == .tooManyFrames { return "Too many frames in one message" }
        // zmq_strerror returns a static string, or strerror's buffer of this thread; it is copied
        // at once.
        return unsafe String(cString: zmq_strerror(rawValue))
    }

    /// What the user can do about this error, when there is something.
    var advice: String? {
        switch self {
        case .addressInUse:
            "another process or socket is bound there; stop it or choose another endpoint"
        case .addressNotAvailable, .noSuchInterface:
            "use an address or interface of this machine, such as tcp://127.0.0.1:5555"
        case .accessDenied: "choose a directory you own or a port above 1023"
        case .protocolNotSupported: "an endpoint begins with ipc://, tcp:// or inproc://"
        case .tooManyOpen: "raise the limit of open files (ulimit -n)"
        case .contextTerminated: "the program is shutting down; close the socket"
        case .notASocket: "the socket was closed before; open a new one"
        default: nil
        }
    }
}
