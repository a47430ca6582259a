package import WireMessages

extension WireMessage {
    /// The answers of a RESULTS.
    ///
    /// Answers without sort values, fragments, explanation, profile and ledger, which nearly all are, are
    /// read octet by octet; the general decoder reads all others.
    ///
    /// - Throws: `WireError.malformedMessage`.
    package func answers() throws(WireError) -> [WireAnswer] {
        if header.codec == .protobuf, let frame = frames.first {
            var reader = ResultsReader()
            if let answers = reader.answers(ProtobufReader(frame)) { return answers }
        }
        return try meta(WireResults.self).answers
    }
}

/// One walk over the octets of a `Results`; nil where it has anything else.
private struct ResultsReader {
    /// The name of the index that the hit before was in: mostly that of the next one too.
    private var lastName: (octets: ArraySlice<UInt8>, text: String) = ([], "")

    mutating func answers(_ reader: ProtobufReader) -> [WireAnswer]? {
        var reader = reader
        var answers: [WireAnswer] = []
        while !reader.isAtEnd {
            guard let answer = reader.nextInList().flatMap({ answer($0) }) else { return nil }
            answers.append(answer)
        }
        return answers
    }

    private mutating func answer(_ reader: ProtobufReader) -> WireAnswer? {
        var reader = reader
        var answer = WireAnswer()
        var last: UInt8 = 0
        while let field = reader.nextField() {
            guard field > last else { return nil }
            last = field
            switch field {
            case 1:
                guard let number = reader.number() else { return nil }
                answer.request = number
            case 2:
                guard let number = reader.number32() else { return nil }
                answer.index = number
            case 3:
                guard let meta = reader.message().flatMap(WireResultMeta.init(plain:)) else {
                    return nil
                }
                answer.meta = meta
            case 4:
                guard let hits = reader.message().flatMap({ hits($0) }) else { return nil }
                answer.hits.hits = hits
            default: return nil
            }
        }
        return reader.isAtEnd ? answer : nil
    }

    private mutating func hits(_ reader: ProtobufReader) -> [WireHit]? {
        var reader = reader
        var hits: [WireHit] = []
        while !reader.isAtEnd {
            guard let hit = reader.nextInList().flatMap({ hit($0) }) else { return nil }
            hits.append(hit)
        }
        return hits
    }

    private mutating func hit(_ reader: ProtobufReader) -> WireHit? {
        var reader = reader
        var hit = WireHit()
        while let field = reader.nextField() {
            switch field {
            case 1:
                guard let text = reader.octets().flatMap(String.init(ascii:)) else { return nil }
                hit.id = text
            case 2:
                guard let score = reader.float() else { return nil }
                hit.score = score
            case 3:
                guard let name = reader.octets().flatMap({ name($0) }) else { return nil }
                hit.index = name
            case 4:
                guard let number = reader.number32() else { return nil }
                hit.shard = number
            case 5:
                guard let number = reader.number() else { return nil }
                hit.orderKey = number
            default: return nil
            }
        }
        return reader.isAtEnd ? hit : nil
    }

    private mutating func name(_ octets: ArraySlice<UInt8>) -> String? {
        if octets == lastName.octets { return lastName.text }
        guard let text = String(ascii: octets) else { return nil }
        lastName = (octets, text)
        return text
    }
}

extension WireResultMeta {
    /// Nil for a meta with anything but what `PlainResult` has.
    fileprivate init?(plain reader: ProtobufReader) {
        self.init()
        var reader = reader
        while let field = reader.nextField() {
            switch field {
            case 5:
                guard !hasCoverage,
                    let read = reader.message().flatMap(WireCoverage.init(plain:))
                else { return nil }
                coverage = read
            case 6:
                guard let text = reader.octets().flatMap(String.init(ascii:)) else { return nil }
                next = text
            default:
                guard let number = reader.number(), set(field, to: number) else { return nil }
            }
        }
        guard reader.isAtEnd else { return nil }
    }

    /// - Returns: False for a field or a number that there is not.
    private mutating func set(_ field: UInt8, to number: UInt64) -> Bool {
        switch field {
        case 1:
            guard let small = UInt32(exactly: number) else { return false }
            firstHit = small
        case 2: totalHits = number
        case 3:
            guard number <= 1 else { return false }
            totalRelation = number == 0 ? .exact : .atLeast
        case 4: tookUs = number
        default: return false
        }
        return true
    }
}

extension WireCoverage {
    /// Nil for a coverage with anything but what `PlainResult` has.
    fileprivate init?(plain reader: ProtobufReader) {
        self.init()
        var reader = reader
        while let field = reader.nextField() {
            guard let number = reader.number32() else { return nil }
            switch field {
            case 1: shards = number
            case 2: ok = number
            case 6: resent = number
            case 8: hedged = number
            default: return nil
            }
        }
        guard reader.isAtEnd else { return nil }
    }
}
