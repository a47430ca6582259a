import TestSupport
import Testing
import WireProtocol

/// The octets of every message kind, as `docs/protocol.md` shows them.
@Suite struct GoldenTests {
    @Test func `the page has every golden message once in each encoding, and no other`() throws {
        let shown = try ProtocolExample.read().map(\.description).sorted()
        let golden = GoldenMessage.all.flatMap { ["\($0.name) json", "\($0.name) protobuf"] }
        #expect(shown == golden.sorted())
    }

    @Test func `there is a golden message of every command`() {
        let commands = Set(GoldenMessage.all.map(\.header.command))
        #expect(commands == Set(Command.allCases))
    }

    @Test(arguments: GoldenMessage.all)
    func `a message is encoded as the page shows it, and read back`(
        _ golden: GoldenMessage
    ) throws {
        for example in try ProtocolExample.read() where example.name == golden.name {
            let message = try golden.encoded(isJSON: example.isJSON)
            #expect(message.encoded() == example.frames, "\(example)")
            let decoded = try WireMessage.decode(example.frames)
            #expect(decoded == message, "\(example)")
            #expect(try golden.matches(decoded), "\(example)")
            try decoded.checkLimits()
        }
    }

    @Test func `the page's tables have every command and every error code`() throws {
        let page = try ProtocolPage.text()
        for command in Command.allCases {
            #expect(page.contains("\n| \(command.rawValue) | \(command.name) | "))
        }
        for code in WireErrorCode.allCases {
            let retryable = code.isRetryable ? "yes" : "no"
            #expect(page.contains("\n| \(code.rawValue) | \(code.name) | \(retryable) | "))
        }
    }

    @Test func `the packed hits of the page's REPLY are read back`() throws {
        for example in try ProtocolExample.read() where example.name == "reply" {
            let hits = try PackedHits.decode(
                example.frames[2], idByteCount: example.frames[3].count)
            #expect(hits == GoldenMessage.replyHits)
        }
    }
}

/// Damaged messages are read or refused; nothing traps.
@Suite struct DamageTests {
    /// Reads all of a message as its command says. Returns whether it was refused.
    @discardableResult
    private func read(_ frames: [Frame], as golden: GoldenMessage) -> Bool {
        do {
            _ = try golden.matches(try WireMessage.decode(frames))
            if golden.name == "reply", frames.count > 3 {
                _ = try PackedHits.decode(frames[2], idByteCount: frames[3].count)
            }
            return false
        } catch {
            return true
        }
    }

    @Test(arguments: GoldenMessage.all, [false, true])
    func `any one octet changed is read or refused`(_ golden: GoldenMessage, isJSON: Bool) throws {
        let frames = try golden.encoded(isJSON: isJSON).encoded()
        var refused = 0
        for frame in frames.indices {
            for position in frames[frame].indices {
                for bit in 0..<8 {
                    var damaged = frames
                    damaged[frame][position] ^= 1 << UInt8(bit)
                    if read(damaged, as: golden) { refused += 1 }
                }
            }
        }
        // At the least: magic, version, the reserved flags and most changes of the priority.
        #expect(refused >= 32 + 2 + 4)
    }

    @Test(arguments: GoldenMessage.all, [false, true])
    func `a message cut short anywhere is read or refused`(
        _ golden: GoldenMessage, isJSON: Bool
    ) throws {
        let frames = try golden.encoded(isJSON: isJSON).encoded()
        for frame in frames.indices {
            for length in 0..<frames[frame].count {
                var cut = Array(frames[...frame])
                cut[frame] = Array(cut[frame].prefix(length))
                let isRefused = read(cut, as: golden)
                if frame == 0 { #expect(isRefused) }
                // Half a JSON object is never one.
                if isJSON, frame == 1, length > 0 { #expect(isRefused, "\(length) octets") }
            }
        }
    }

    @Test func `garbage is refused or read, in bounded time`() {
        var random = SeededRandom.forTest("garbage")
        let header = Header(.submit).encoded()
        for golden in GoldenMessage.all {
            for _ in 0..<200 {
                let length = Int.random(in: 0...80, using: &random)
                let meta = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &random) }
                read([header, meta, meta, meta, meta], as: golden)
                var json = header
                json[5] = HeaderFlags.json.rawValue
                let text = (0..<length).map { _ in
                    Array(#"{}[]",:\u0e-1.tfn "#.utf8).randomElement(using: &random) ?? 0
                }
                read([json, [0x7B] + text, text], as: golden)
            }
        }
    }
}
