import Testing
import WireProtocol

@Suite struct WireMessageTests {
    private static func submit(_ flags: HeaderFlags) throws -> WireMessage {
        var submit = WireSubmit()
        submit.indexes = ["packages"]
        submit.limit = 3
        var item = WireItem()
        item.text = "grüße \"welt\""
        item.offset = 0
        let header = Header(.submit, flags: flags, id: 1, epoch: 2)
        return try WireMessage(
            header, meta: submit,
            body: [header.codec.encode(item), header.codec.encode(WireItem())]
        )
    }

    @Test(arguments: [[], .json] as [HeaderFlags])
    func `meta and bodies come back in the codec of the flags`(_ flags: HeaderFlags) throws {
        let message = try WireMessageTests.submit(flags)
        let decoded = try WireMessage.decode(message.encoded())
        #expect(decoded == message)
        let meta = try decoded.meta(WireSubmit.self)
        #expect(meta.indexes == ["packages"] && meta.limit == 3)
        let item = try decoded.body(0, as: WireItem.self)
        #expect(item.text == "grüße \"welt\"" && item.hasOffset && !item.hasLimit)
        #expect(try decoded.body(1, as: WireItem.self) == WireItem())
        #expect(decoded.bodyCount == 2)
    }

    @Test(arguments: [[], .json] as [HeaderFlags])
    func `an empty or absent meta frame is the default message`(_ flags: HeaderFlags) throws {
        for frames in [[], [[]]] as [[Frame]] {
            let message = WireMessage(Header(.status, flags: flags), frames: frames)
            let decoded = try WireMessage.decode(message.encoded())
            #expect(try decoded.meta(WireStatusRequest.self) == WireStatusRequest())
            #expect(decoded.bodyCount == 0)
        }
    }

    @Test func `a body frame that is not there is an error that names it`() throws {
        let message = try WireMessageTests.submit([])
        let missing = WireError.missingFrame(command: .submit, position: 4, count: 4)
        #expect(throws: missing) { try message.body(2, as: WireItem.self) }
        #expect(throws: WireError.self) { try message.bodyFrame(-1) }
        #expect(
            missing.description
                == "SUBMIT: frame 4 is missing: the message has only 4 frames, the header included")
    }

    @Test func `a message without frames is refused`() {
        #expect(throws: WireError.missingHeader) { try WireMessage.decode([]) }
    }

    @Test func `a message in the other codec is malformed`() throws {
        var message = try WireMessageTests.submit(.json)
        message.header.flags = []
        #expect(throws: WireError.self) { try message.meta(WireSubmit.self) }
        message = try WireMessageTests.submit([])
        message.header.flags = .json
        let error = try #require(throws: WireError.self) { try message.meta(WireSubmit.self) }
        #expect(error.description.hasPrefix("not a swiftlet.v1.Submit message: invalid JSON: "))
        #expect(error.code == .badRequest)
    }

    @Test func `1024 frames are taken, 1025 are not`() throws {
        let header = Header(.submit)
        let most = WireMessage(header, frames: Array(repeating: [], count: 1023))
        #expect(try WireMessage.decode(most.encoded()) == most)
        let tooMany = WireMessage(header, frames: Array(repeating: [], count: 1024))
        #expect(throws: WireError.tooManyFrames(found: 1025)) {
            try WireMessage.decode(tooMany.encoded())
        }
    }

    @Test func `a SUBMIT has at most 8 MiB, any other message 16 MiB`() throws {
        func message(_ command: Command, byteCount: Int) -> WireMessage {
            let rest = byteCount - Header.byteCount
            return WireMessage(
                Header(command), frames: [[1, 2], Frame(repeating: 0, count: rest - 2)])
        }
        try message(.submit, byteCount: 8 << 20).checkLimits()
        try message(.reply, byteCount: 16 << 20).checkLimits()
        for (command, limit) in [(Command.submit, 8 << 20), (.reply, 16 << 20)] {
            let error = WireError.tooLarge(command: command, byteCount: limit + 1, limit: limit)
            #expect(error.code == .tooLarge)
            #expect(throws: error) {
                try message(command, byteCount: limit + 1).checkLimits()
            }
        }
    }
}
