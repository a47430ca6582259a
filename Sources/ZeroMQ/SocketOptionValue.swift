/// A type that socket options have: how it looks as the bytes of `zmq_setsockopt`.
package protocol SocketOptionValue: Sendable {
    /// The bytes to give to libzmq, integers in the machine's order; nil if out of range.
    var optionBytes: [UInt8]? { get }
    /// The exact number of bytes of an integer, the most of a byte string.
    static var optionByteLimit: Int { get }
    /// Reads what libzmq gave back; nil if it has another length.
    init?(optionBytes: [UInt8])
}

extension Int64: SocketOptionValue {
    /// Eight.
    package static var optionByteLimit: Int { 8 }
    /// Eight bytes.
    package var optionBytes: [UInt8]? { encoded(UInt64(bitPattern: self), count: 8) }
    /// Reads eight bytes.
    package init?(optionBytes: [UInt8]) {
        guard optionBytes.count == 8 else { return nil }
        self = Int64(bitPattern: decoded(optionBytes))
    }
}

extension Int: SocketOptionValue {
    /// Four.
    package static var optionByteLimit: Int { 4 }
    /// Four bytes: a C `int`.
    package var optionBytes: [UInt8]? {
        Int32(exactly: self).map { encoded(UInt64(UInt32(bitPattern: $0)), count: 4) }
    }
    /// Reads a C `int`.
    package init?(optionBytes: [UInt8]) {
        guard optionBytes.count == 4 else { return nil }
        self = Int(Int32(bitPattern: UInt32(decoded(optionBytes))))
    }
}

extension Bool: SocketOptionValue {
    /// Four.
    package static var optionByteLimit: Int { 4 }
    /// A C `int`, 0 or 1.
    package var optionBytes: [UInt8]? { (self ? 1 : 0).optionBytes }
    /// Reads a C `int`; anything but 0 is true.
    package init?(optionBytes: [UInt8]) {
        guard let number = Int(optionBytes: optionBytes) else { return nil }
        self = number != 0
    }
}

extension Duration: SocketOptionValue {
    /// Four.
    package static var optionByteLimit: Int { 4 }
    /// A C `int` of milliseconds, rounded up.
    package var optionBytes: [UInt8]? { Int(millisecondsRoundedUp).optionBytes }
    /// Reads a C `int` of milliseconds.
    package init?(optionBytes: [UInt8]) {
        guard let number = Int(optionBytes: optionBytes) else { return nil }
        self = .milliseconds(number)
    }
}

extension Frame: SocketOptionValue {
    /// Room for a topic or a name.
    package static var optionByteLimit: Int { 256 }
    /// The bytes themselves.
    package var optionBytes: [UInt8]? { self }
    /// The bytes themselves.
    package init?(optionBytes: [UInt8]) { self = optionBytes }
}

// All Linux machines that Swift supports are little-endian, which is what "the machine's order" of
// a C integer means here.
private func encoded(_ value: UInt64, count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
}

private func decoded(_ bytes: [UInt8]) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
}
