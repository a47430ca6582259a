/// One part of a ZeroMQ multipart message.
package typealias Frame = [UInt8]

/// The first frame of every message: 32 octets, integers little-endian, Python's
/// `struct` format `"<3sBBBBBQQII"`.
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 3 | magic, ASCII `SWF` |
/// | 3 | 1 | version, 1 |
/// | 4 | 1 | command |
/// | 5 | 1 | flags |
/// | 6 | 1 | priority, 0 to 9 |
/// | 7 | 1 | attempt |
/// | 8 | 8 | id |
/// | 16 | 8 | epoch |
/// | 24 | 4 | index |
/// | 28 | 4 | budget in milliseconds |
package struct Header: Equatable, Sendable {
    /// Length of every header in every version, in octets.
    package static let byteCount = 32
    /// The ASCII letters every header starts with.
    package static let magic: [UInt8] = [0x53, 0x57, 0x46]
    /// The only protocol version this code speaks.
    package static let version: UInt8 = 1
    /// `index` of a message that is about a whole request, or about none.
    package static let noItem: UInt32 = 0xFFFF_FFFF
    /// The priority of a sender that has no opinion.
    package static let defaultPriority: UInt8 = 5
    /// The most urgent priority; 0 is the least urgent.
    package static let maxPriority: UInt8 = 9

    package var command: Command
    package var flags: HeaderFlags
    /// 0 to 9, 9 first; means something on SUBMIT, CALL and FETCH.
    package var priority: UInt8
    /// How often this work was sent before: 0 the first time.
    package var attempt: UInt8
    /// Client link: the client's request id. Worker link: the broker's call id on CALL and
    /// FETCH, else 0.
    package var id: UInt64
    /// Client link: the client's session id. Worker and supervisor link: the broker's epoch.
    package var epoch: UInt64
    /// Position of the item in its SUBMIT, from 0, or `noItem`.
    package var index: UInt32
    /// Time left for each item or task, in milliseconds; 0 asks for the default.
    package var budgetMilliseconds: UInt32

    /// A header of this version.
    ///
    /// - Precondition: `priority` is at most `maxPriority`.
    package init(
        _ command: Command,
        flags: HeaderFlags = [],
        priority: UInt8 = Header.defaultPriority,
        attempt: UInt8 = 0,
        id: UInt64 = 0,
        epoch: UInt64 = 0,
        index: UInt32 = 0,
        budgetMilliseconds: UInt32 = 0
    ) {
        precondition(priority <= Header.maxPriority, "priority \(priority) is above 9")
        self.command = command
        self.flags = flags
        self.priority = priority
        self.attempt = attempt
        self.id = id
        self.epoch = epoch
        self.index = index
        self.budgetMilliseconds = budgetMilliseconds
    }

    /// The codec of the meta and the message bodies that follow this header.
    package var codec: WireCodec { flags.contains(.json) ? .json : .protobuf }

    /// The header of an answer to this message: same id, epoch, index and codec.
    package func answer(_ command: Command, flags: HeaderFlags = []) -> Header {
        Header(
            command, flags: flags.union(self.flags.intersection(.json)),
            id: id, epoch: epoch, index: index)
    }
}
