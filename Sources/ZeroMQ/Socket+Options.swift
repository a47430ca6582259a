internal import CZeroMQ

extension Socket {
    /// Sets an option. Throws `invalidArgument` for a value outside the option's range and for an
    /// option that this kind of socket does not have.
    package func set<Value>(
        _ option: SocketOption<Value>, to value: Value
    ) throws(ZMQError) {
        guard option.isAllowed(value), let bytes = value.optionBytes else {
            throw ZMQError(
                .invalidArgument, operation: "set \(option.name) to \(value)",
                detail: "expected \(option.expectation)")
        }
        try setBytes(option.number, to: bytes, name: option.name)
        if option.number == ZMQ_MAXMSGSIZE, let limit = value as? Int64 {
            state.maximumFrameBytes = limit
        }
    }

    /// The value of an option. Throws `invalidArgument` for those that are write only.
    package func get<Value>(_ option: SocketOption<Value>) throws(ZMQError) -> Value {
        try value(of: option.number, name: option.name)
    }

    /// The value of a property.
    package func get<Value>(_ property: SocketProperty<Value>) throws(ZMQError) -> Value {
        try value(of: property.number, name: property.name)
    }

    /// The endpoint of the last bind or connect, with the port that the system chose; empty before.
    package var lastEndpoint: String {
        get throws(ZMQError) {
            let bytes = try bytes(of: ZMQ_LAST_ENDPOINT, capacity: 1024, name: "the last endpoint")
            return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    func setBytes(_ option: Int32, to bytes: [UInt8], name: String) throws(ZMQError) {
        // The bytes are valid for the call, and libzmq copies them; the socket is open.
        let status = unsafe bytes.withUnsafeBytes {
            unsafe zmq_setsockopt(pointer, option, $0.baseAddress, $0.count)
        }
        guard status == 0 else {
            let code = ErrorCode.last
            throw ZMQError(
                code, operation: "set \(name)",
                detail: code == .invalidArgument ? "a \(kind) socket does not take this" : nil)
        }
    }

    private func value<Value: SocketOptionValue>(
        of option: Int32, name: String
    ) throws(ZMQError) -> Value {
        let bytes = try bytes(of: option, capacity: Value.optionByteLimit, name: name)
        guard let value = Value(optionBytes: bytes) else {
            throw ZMQError(.invalidArgument, operation: "read \(name)")
        }
        return value
    }

    private func bytes(
        of option: Int32, capacity: Int, name: String
    ) throws(ZMQError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: capacity)
        var size = bytes.count
        // libzmq wants the exact size for integers, writes at most `size` bytes and sets it to the number written.
        let status = unsafe bytes.withUnsafeMutableBytes {
            unsafe zmq_getsockopt(pointer, option, $0.baseAddress, &size)
        }
        guard status == 0 else { throw ZMQError(.last, operation: "read \(name)") }
        return Array(bytes.prefix(size))
    }
}
