import Testing
import WireProtocol

/// What is refused in JSON messages that ask for something, and how it is said.
@Suite struct RuledMessageTests {
    private func refusal<Body: WireBody>(_ text: String, of _: Body.Type) -> String? {
        do throws(WireError) {
            _ = try WireCodec.json.decode(Body.self, from: Frame(text.utf8))
            return nil
        } catch {
            #expect(error.code == .badRequest)
            return "\(error)"
        }
    }

    private static let strategies =
        "ROUND_ROBIN, WEIGHTED_ROUND_ROBIN, LEAST_CONNECTIONS, HEALTH_BASED, ADAPTIVE"
    private static let merges =
        "SCORE_DESC, SCORE_ASC, NODE_ORDER, MERGE_ROUND_ROBIN, RECIPROCAL_RANK_FUSION"

    private static let wrongSettings = [
        (#""load_balancing":"FASTEST""#, "load_balancing 'FASTEST'; expected \(strategies)"),
        (#""loadBalancing":"FASTEST""#, "load_balancing 'FASTEST'; expected \(strategies)"),
        (#""load_balancing":true"#, "load_balancing true; expected \(strategies)"),
        (#""later":1,"merge_strategy":"SCORE""#, "merge_strategy 'SCORE'; expected \(merges)"),
        (#""timeout_ms":-1"#, "timeout_ms -1; expected 1 to 300000"),
        (#""timeout_ms":1e12"#, "timeout_ms 1000000000000; expected 1 to 300000"),
        (#""timeout_ms":1.5"#, "timeout_ms 1.5; expected 1 to 300000"),
        (#""timeout_ms":"soon""#, "timeout_ms 'soon'; expected 1 to 300000"),
        (#""max_retries":4294967296"#, "max_retries 4294967296; expected 0 to 100"),
        (#""health_check_ms":[1]"#, "health_check_ms […]; expected 100 to 3600000"),
        (#""hedging":"off""#, "hedging 'off'; expected true or false"),
        (#""slow_query_ms":{}"#, "slow_query_ms {…}; expected 0 to 300000"),
    ]

    @Test(arguments: wrongSettings)
    func `a wrong setting is named with its value and what is allowed`(
        members: String, words: String
    ) {
        let text = #"{"configure":{"# + members + "}}"
        #expect(refusal(text, of: WireAdmin.self) == "configure: " + words)
    }

    private static let wrongSubmits = [
        (#"{"merge":"BEST"}"#, "merge 'BEST'; expected \(merges)"),
        (#"{"operator":"XOR"}"#, "operator 'XOR'; expected OR, AND"),
        (#"{"order":"ANY"}"#, "order 'ANY'; expected COMPLETION, SUBMISSION"),
        (#"{"load_balancing":""}"#, "load_balancing ''; expected \(strategies)"),
        (#"{"ledger":"full"}"#, "ledger 'full'; expected LEDGER_WHEN_NOT_OK, FULL"),
        (#"{"documents":"ALL"}"#, "documents 'ALL'; expected SOURCE, NONE"),
        (#"{"limit":-1}"#, "limit -1; expected 0 to 4294967295"),
        (#"{"allow_partial":1}"#, "allow_partial 1; expected true or false"),
        (#"{"min_coverage":"most"}"#, "min_coverage 'most'; expected a number"),
        (#"{"indexes":"birds"}"#, "indexes 'birds'; expected a list"),
        (#"{"indexes":["birds",7]}"#, "indexes 7; expected a text"),
    ]

    @Test(arguments: wrongSubmits)
    func `a wrong setting of a SUBMIT is named, beside unknown fields too`(
        text: String, words: String
    ) {
        #expect(refusal(text, of: WireSubmit.self) == words)
        let more = #"{"later":{"a":1},"# + text.dropFirst()
        #expect(refusal(more, of: WireSubmit.self) == words)
    }

    @Test func `a wrong member is found in items, and in nodes to be added`() {
        #expect(
            refusal(#"{"text":"a","operator":"NOT"}"#, of: WireItem.self)
                == "operator 'NOT'; expected OR, AND")
        #expect(
            refusal(#"{"items":[{"text":"a"},{"documents":"ALL"}]}"#, of: WireItems.self)
                == "items: documents 'ALL'; expected SOURCE, NONE")
        #expect(
            refusal(#"{"add":{"nodes":[{"name":"n"},{"threads":-2}]}}"#, of: WireAdmin.self)
                == "add: nodes: threads -2; expected 0 to 4294967295")
        #expect(
            refusal(#"{"node":{"name":"n","active":"no"}}"#, of: WireAdmin.self)
                == "node: active 'no'; expected true or false")
        #expect(
            refusal(#"{"drain":{"name":3}}"#, of: WireAdmin.self)
                == "drain: name 3; expected a text")
        #expect(refusal(#"{"drain":"n"}"#, of: WireAdmin.self) == "drain 'n'; expected an object")
    }

    @Test func `unknown fields are ignored, and null is as good as absent`() throws {
        let text = #"""
            {"later":[1],"configure":{"timeout_ms":5,"new":"x","max_retries":null,"loadBalancing":"ADAPTIVE"}}
            """#
        let admin = try WireCodec.json.decode(WireAdmin.self, from: Frame(text.utf8))
        #expect(admin.configure.timeoutMs == 5 && admin.configure.loadBalancing == .adaptive)
        #expect(!admin.configure.hasMaxRetries)
    }

    @Test func `the names listed are those of the schema, all but the one for absent`() throws {
        for (number, name) in WireLoadBalancing.names.enumerated() {
            let text = #"{"load_balancing":"\#(name)"}"#
            let submit = try WireCodec.json.decode(WireSubmit.self, from: Frame(text.utf8))
            #expect(submit.loadBalancing.rawValue == number + 1)
        }
        for (number, name) in WireMergeStrategy.names.enumerated() {
            let text = #"{"merge":"\#(name)"}"#
            let submit = try WireCodec.json.decode(WireSubmit.self, from: Frame(text.utf8))
            #expect(submit.merge.rawValue == number + 1)
        }
        #expect(WireLoadBalancing.names.count == WireLoadBalancing.allCases.count - 1)
        #expect(WireMergeStrategy.names.count == WireMergeStrategy.allCases.count - 1)
    }
}
