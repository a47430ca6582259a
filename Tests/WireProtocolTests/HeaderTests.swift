import TestSupport
import Testing
import WireProtocol

@Suite struct HeaderTests {
    private static let sample = Header(
        .submit, flags: [.final, .json], priority: 7, attempt: 2,
        id: 0x0102_0304_0506_0708, epoch: 0x1112_1314_1516_1718, index: 0x2122_2324,
        budgetMilliseconds: 0x3132_3334)

    @Test func `fields lie where the table says, least significant octet first`() {
        let expected: Frame = [
            0x53, 0x57, 0x46, 1, 10, 5, 7, 2,
            8, 7, 6, 5, 4, 3, 2, 1,
            0x18, 0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11,
            0x24, 0x23, 0x22, 0x21, 0x34, 0x33, 0x32, 0x31,
        ]
        #expect(HeaderTests.sample.encoded() == expected)
    }

    @Test func `defaults are priority 5 and zeros`() {
        let expected: Frame = [0x53, 0x57, 0x46, 1, 3, 0, 5, 0] + Frame(repeating: 0, count: 24)
        #expect(Header(.ping).encoded() == expected)
    }

    @Test(arguments: Command.allCases)
    func `a header of any command comes back as it was`(_ command: Command) throws {
        var random = SeededRandom.forTest("header-\(command.name)")
        for _ in 0..<50 {
            let header = Header(
                command, flags: HeaderFlags(rawValue: .random(in: 0...63, using: &random)),
                priority: .random(in: 0...9, using: &random),
                attempt: .random(in: .min ... .max, using: &random),
                id: .random(in: .min ... .max, using: &random),
                epoch: .random(in: .min ... .max, using: &random),
                index: .random(in: .min ... .max, using: &random),
                budgetMilliseconds: .random(in: .min ... .max, using: &random))
            #expect(try Header.decode(header.encoded()) == header)
        }
    }

    @Test(arguments: 0..<32)
    func `a header cut short is refused`(_ byteCount: Int) {
        let frame = Array(HeaderTests.sample.encoded().prefix(byteCount))
        #expect(throws: WireError.truncatedHeader(byteCount: byteCount)) {
            try Header.decode(frame)
        }
    }

    @Test func `a header with an octet too many is refused`() {
        #expect(throws: WireError.oversizedHeader(byteCount: 33)) {
            try Header.decode(HeaderTests.sample.encoded() + [0])
        }
    }

    @Test(arguments: 0..<3)
    func `another magic is refused`(_ position: Int) {
        var frame = HeaderTests.sample.encoded()
        frame[position] ^= 0x20
        #expect(throws: WireError.badMagic(found: Array(frame[0..<3]))) {
            try Header.decode(frame)
        }
    }

    @Test(arguments: [0, 2, 255] as [UInt8])
    func `another version is refused with the number found, whatever the length`(
        _ version: UInt8
    ) {
        var frame = HeaderTests.sample.encoded()
        frame[3] = version
        for byteCount in [4, 31, 32] {
            #expect(throws: WireError.unsupportedVersion(found: version)) {
                try Header.decode(Array(frame.prefix(byteCount)))
            }
        }
    }

    @Test func `every command number that is not defined is refused`() {
        let defined = Set(Command.allCases.map(\.rawValue))
        #expect(defined == Set(1...22).union(26...31))
        for number in 0...UInt8.max where !defined.contains(number) {
            var frame = HeaderTests.sample.encoded()
            frame[4] = number
            #expect(throws: WireError.unknownCommand(found: number)) { try Header.decode(frame) }
        }
    }

    @Test(arguments: [64, 128, 0xC5] as [UInt8])
    func `reserved flag bits are refused`(_ flags: UInt8) {
        var frame = HeaderTests.sample.encoded()
        frame[5] = flags
        #expect(throws: WireError.reservedFlags(found: flags)) { try Header.decode(frame) }
    }

    @Test(arguments: [10, 255] as [UInt8])
    func `a priority above 9 is refused`(_ priority: UInt8) {
        var frame = HeaderTests.sample.encoded()
        frame[6] = priority
        #expect(throws: WireError.priorityOutOfRange(found: priority)) {
            try Header.decode(frame)
        }
    }

    @Test func `an answer has the id, epoch, index and codec of what it answers`() {
        let answer = HeaderTests.sample.answer(.result, flags: .final)
        let expected = Header(
            .result, flags: [.final, .json], id: HeaderTests.sample.id,
            epoch: HeaderTests.sample.epoch, index: HeaderTests.sample.index)
        #expect(answer == expected)
        #expect(Header(.status).answer(.statusReply).codec == .protobuf)
    }
}

@Suite struct RefusalTests {
    private let header = Header(.submit, flags: .json, id: 77, epoch: 88, index: 3)

    @Test(arguments: [(3, 9), (4, 200), (5, 0xFC), (6, 255)] as [(Int, UInt8)])
    func `a refused header of 32 octets with our magic is answered with its id and epoch`(
        _ position: Int, _ value: UInt8
    ) throws {
        var frame = header.encoded()
        frame[position] = value
        #expect(throws: WireError.self) { try Header.decode(frame) }
        let expected = Header(
            .failed, flags: [.json, .final], id: 77, epoch: 88, index: Header.noItem)
        #expect(Header.refusal(of: frame) == expected)
    }

    @Test func `garbage is not answered`() {
        #expect(Header.refusal(of: []) == nil)
        #expect(Header.refusal(of: Array(header.encoded().dropLast())) == nil)
        #expect(Header.refusal(of: header.encoded() + [0]) == nil)
        #expect(Header.refusal(of: Frame(repeating: 0x53, count: 32)) == nil)
    }

    @Test func `a FAILED is never answered with a FAILED`() {
        var frame = Header(.failed).encoded()
        frame[5] = 0xFF
        #expect(Header.refusal(of: frame) == nil)
    }
}
