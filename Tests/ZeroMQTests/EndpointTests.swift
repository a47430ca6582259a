import FoundationEssentials
import Testing
import ZeroMQ

@Suite(.timeLimit(.minutes(10)))
struct EndpointTests {
    @Test(arguments: Transport.allCases)
    func `a second socket cannot bind the same endpoint`(_ transport: Transport) throws {
        let directory = try TestDirectory()
        let context = try Context()
        let first = try Socket(context: context, kind: .router)
        try first.bind(transport.address(in: directory))
        let endpoint = try first.lastEndpoint
        let second = try Socket(context: context, kind: .router)
        let error = try failure { () throws(ZMQError) in try second.bind(endpoint) }
        #expect(error.code == .addressInUse)
        #expect(error.endpoint == endpoint)
        // The first is still the one that is reached.
        let dealer = try Socket(context: context, kind: .dealer)
        try dealer.connect(endpoint)
        try deliver(["text".frame], on: dealer)
        #expect(try next(first).last == "text".frame)
    }

    @Test(arguments: Transport.allCases)
    func `a closed socket's endpoint can be bound again at once`(_ transport: Transport) throws {
        let directory = try TestDirectory()
        let context = try Context()
        var endpoint = transport.address(in: directory)
        for number in 0..<50 {
            let router = try Socket(context: context, kind: .router)
            try router.bind(endpoint)
            endpoint = try router.lastEndpoint
            let dealer = try Socket(context: context, kind: .dealer)
            try dealer.connect(endpoint)
            try deliver([Frame("\(number)".utf8)], on: dealer)
            #expect(try next(router).last == Frame("\(number)".utf8))
            #expect(try router.unbind(endpoint))
        }
    }

    @Test func `the end of a socket gives its ipc path back`() throws {
        let directory = try TestDirectory()
        let context = try Context()
        for _ in 0..<50 {
            do {
                let router = try Socket(context: context, kind: .router)
                try router.bind(directory.endpoint())
            }
            #expect(!FileManager.default.fileExists(atPath: "\(directory.path)/socket"))
        }
    }

    @Test func `a path over 107 bytes is refused with the limit`() throws {
        let directory = try TestDirectory()
        let context = try Context()
        let longest =
            directory.path + "/" + String(repeating: "x", count: 106 - directory.path.utf8.count)
        let socket = try Socket(context: context, kind: .router)
        try socket.bind("ipc://" + longest)
        for operation in ["bind", "connect"] {
            let dealer = try Socket(context: context, kind: .dealer)
            let endpoint = "ipc://" + longest + "y"
            let error = try failure { () throws(ZMQError) in
                if operation == "bind" {
                    try dealer.bind(endpoint)
                } else {
                    try dealer.connect(endpoint)
                }
            }
            #expect(error.code == .nameTooLong)
            #expect("\(error)".contains(longest + "y"))
            #expect("\(error)".contains("108 bytes") && "\(error)".contains("107"))
        }
    }

    @Test func `binding never deletes a file that is not a socket`() throws {
        let directory = try TestDirectory()
        let path = "\(directory.path)/socket"
        #expect(FileManager.default.createFile(atPath: path, contents: Data("text".utf8)))
        let socket = try Socket(context: Context(), kind: .router)
        let error = try failure { () throws(ZMQError) in try socket.bind(directory.endpoint()) }
        #expect(error.code == .pathOccupied)
        #expect(FileManager.default.contents(atPath: path) == Data("text".utf8))
    }

    @Test func `the path of a listener without our lock is not taken`() throws {
        let directory = try TestDirectory()
        let context = try Context()
        let first = try Socket(context: context, kind: .router)
        try first.bind(directory.endpoint())
        try FileManager.default.removeItem(atPath: "\(directory.path)/socket.lock")
        let second = try Socket(context: context, kind: .router)
        let error = try failure { () throws(ZMQError) in try second.bind(directory.endpoint()) }
        #expect(error.code == .addressInUse)
    }

    @Test func `the path of a process that died is taken over`() throws {
        // A socket file that nobody listens at, as kill leaves it: the first name of a bound path
        // is removed by its owner, the second stays.
        let directory = try TestDirectory()
        let context = try Context()
        do {
            let dead = try Socket(context: context, kind: .router)
            try dead.bind(directory.endpoint("before"))
            try FileManager.default.linkItem(
                atPath: "\(directory.path)/before", toPath: "\(directory.path)/socket")
        }
        #expect(FileManager.default.fileExists(atPath: "\(directory.path)/socket"))
        let router = try Socket(context: context, kind: .router)
        try router.bind(directory.endpoint())
        let dealer = try Socket(context: context, kind: .dealer)
        try dealer.connect(directory.endpoint())
        try deliver(["text".frame], on: dealer)
        #expect(try next(router).last == "text".frame)
    }

    @Test func `a missing directory and the socket are the owner's alone`() throws {
        let directory = try TestDirectory()
        let socket = try Socket(context: Context(), kind: .router)
        try socket.bind(directory.endpoint("made/socket"))
        for path in ["\(directory.path)/made", "\(directory.path)/made/socket"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o700, "\(path)")
        }
    }

    @Test(arguments: [
        ("http://127.0.0.1:1", ErrorCode.protocolNotSupported),
        ("tcp://127.0.0.1", .invalidArgument), ("tcp://127.0.0.1:99999", .invalidArgument),
        ("tcp://192.0.2.1:5555", .addressNotAvailable), ("text", .invalidArgument),
        ("", .invalidArgument), ("ipc://", .invalidArgument), ("ipc://*", .invalidArgument),
        ("ipc:///proc/none/socket", .notFound),
    ])
    func `a bad endpoint is refused by name`(_ endpoint: String, _ code: ErrorCode) throws {
        let socket = try Socket(context: Context(), kind: .router)
        let error = try failure { () throws(ZMQError) in try socket.bind(endpoint) }
        #expect(error.code == code, "\(error)")
        #expect(error.endpoint == endpoint)
        #expect("\(error)".contains(endpoint))
    }

    @Test func `unbinding what is not bound is an error`() throws {
        let socket = try Socket(context: Context(), kind: .router)
        let error = try failure { () throws(ZMQError) in
            try socket.unbind("tcp://127.0.0.1:5555")
        }
        #expect(error.code == .notFound)
    }

    @Test func `an error says what failed where and what to do`() {
        let error = ZMQError(
            .addressInUse, operation: "bind", endpoint: "tcp://127.0.0.1:5555")
        #expect(
            error.description == "cannot bind tcp://127.0.0.1:5555: Address already in use "
                + "(another process or socket is bound there; stop it or choose another endpoint)")
    }

    @Test func `a context has a limit of sockets`() throws {
        let context = try Context(maxSockets: 1)
        let first = try Socket(context: context, kind: .pair)
        let error = try failure { () throws(ZMQError) in
            _ = try Socket(context: context, kind: .pair)
        }
        #expect(error.code == .tooManyOpen)
        #expect(first.kind == .pair)
        let refused = try failure { () throws(ZMQError) in _ = try Context(ioThreads: 0) }
        #expect(refused.code == .invalidArgument)
    }
}
