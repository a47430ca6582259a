import SearchIndex
import Testing

/// A token written as its term, position and bytes, such as `fox@1 4-7`.
private func shown(_ tokens: [Token]) -> [String] {
    tokens.map {
        "\(String(decoding: $0.term, as: UTF8.self))@\($0.position) "
            + "\($0.byteRange.lowerBound)-\($0.byteRange.upperBound)"
    }
}

/// What an analyzer of this definition makes of a text.
private func analyzed(_ definition: String, _ text: String) throws -> [String] {
    let json = #"{"fields":[{"name":"f","kind":"text"}],"analyzers":{"a":\#(definition)}}"#
    let schema = try Schema(json: Array(json.utf8))
    let analyzer = try #require(schema.analyzer(named: "a"))
    return shown(analyzer.tokens(of: Array(text.utf8).span))
}

struct TokenizerTests {
    @Test(arguments: [
        (
            "\"whitespace\"", "Red  fox,\u{3000}a\u{A0}b\n",
            ["Red@0 0-3", "fox,@1 5-9", "a@2 12-13", "b@3 15-16"]
        ),
        ("\"whitespace\"", "👍🏽 e\u{301} 日本", ["👍🏽@0 0-8", "e\u{301}@1 9-12", "日本@2 13-19"]),
        ("\"keyword\"", " New York\n", [" New York\n@0 0-10"]),
        ("\"keyword\"", "", []),
        ("\"path\"", "/a/b/c", ["a@0 1-2", "a/b@0 1-4", "a/b/c@0 1-6"]),
        ("\"path\"", "a//b/", ["a@0 0-1", "a/b@0 0-4"]),
        ("\"path\"", "//", []),
        (#"{"path":{"separator":"."}}"#, "é.日", ["é@0 0-2", "é.日@0 0-6"]),
        (
            #"{"ngram":{"min":1,"max":2}}"#, "aé日",
            ["a@0 0-1", "aé@0 0-3", "é@1 1-3", "é日@1 1-6", "日@2 3-6"]
        ),
        (#"{"ngram":{"min":2,"max":2}}"#, "a b", ["a @0 0-2", " b@1 1-3"]),
        (#"{"ngram":{"min":2,"max":3}}"#, "a", []),
        (
            #"{"ngram":{"min":2,"max":3,"words":true}}"#, "abc-e\u{301}f",
            ["ab@0 0-2", "abc@0 0-3", "bc@1 1-3", "e\u{301}@4 4-7", "e\u{301}f@4 4-8"]
        ),
        (#"{"edge_ngram":{"min":1,"max":3}}"#, "ab cd", ["a@0 0-1", "ab@0 0-2", "ab @0 0-3"]),
        (
            #"{"edge_ngram":{"min":2,"max":3,"words":true}}"#, "New x-York",
            ["Ne@0 0-2", "New@0 0-3", "Yo@2 6-8", "Yor@2 6-9"]
        ),
    ])
    func `tokenizers cut as described`(
        tokenizer: String, text: String, expected: [String]
    ) throws {
        #expect(try analyzed(#"{"tokenizer":\#(tokenizer)}"#, text) == expected)
    }

    @Test(arguments: [
        ("\"whitespace\"", ["a@0 0-1", "b@1 2-3"]), ("\"keyword\"", ["a\u{FFFD}b@0 0-3"]),
        (#"{"ngram":{"min":3,"max":3}}"#, ["a\u{FFFD}b@0 0-3"]),
        ("\"path\"", ["a\u{FFFD}b@0 0-3"]),
    ])
    func `malformed UTF-8 separates words and is U+FFFD elsewhere`(
        tokenizer: String, expected: [String]
    ) throws {
        let json =
            #"{"fields":[{"name":"f","kind":"text"}],"#
            + #""analyzers":{"a":{"tokenizer":\#(tokenizer)}}}"#
        let analyzer = try #require(try Schema(json: Array(json.utf8)).analyzer(named: "a"))
        let text: [UInt8] = [0x61, 0xFF, 0x62]
        #expect(shown(analyzer.tokens(of: text.span)) == expected)
    }

    @Test func `words, values and paths above their limits are left out`() throws {
        let long = String(repeating: "x", count: 256)
        #expect(
            try analyzed(#"{"tokenizer":"whitespace"}"#, "a \(long) b") == [
                "a@0 0-1", "b@2 259-260",
            ])
        let value = String(repeating: "x", count: 1025)
        #expect(try analyzed(#"{"tokenizer":"keyword"}"#, value).isEmpty)
        #expect(try analyzed(#"{"tokenizer":"path"}"#, "a/b/\(value)").map(\.count) == [7, 9])
    }
}

struct TokenFilterTests {
    private func chain(_ filters: String, _ text: String) throws -> [String] {
        try analyzed(#"{"tokenizer":"standard","filters":[\#(filters)]}"#, text)
            .map { String($0.prefix { $0 != " " }) }
    }

    @Test(arguments: [
        ("\"lowercase\"", "ÀB İI ǅ", ["àb@0", "i̇i@1", "ǆ@2"]),
        ("", "ÀB", ["ÀB@0"]),
        (
            "\"ascii_folding\"", "Crème Brûlée ﬁn Straße Ａ２ Ørsted Łódź",
            [
                "Creme@0", "Brulee@1", "fin@2", "Strasse@3", "A2@4", "Orsted@5", "Lodz@6",
            ]
        ),
        (
            "\"ascii_folding\"", "e\u{301}te\u{301} и\u{306} 日本 ế",
            ["ete@0", "и\u{306}@1", "日@2", "本@3", "e@4"]
        ),
        (#"{"stop":"english"},"lowercase""#, "The fox is red", ["the@0", "fox@1", "red@3"]),
        (#""lowercase",{"stop":"english"}"#, "The fox is red", ["fox@1", "red@3"]),
        (#"{"stop":["fox","日"]}"#, "a fox 日本", ["a@0", "本@3"]),
        (#"{"stop":[]}"#, "a b", ["a@0", "b@1"]),
        (#"{"length":{"min":2,"max":3}}"#, "a éé 日 abc abcd", ["éé@1", "abc@3"]),
        (
            #"{"stemmer":"english"}"#, "running runs ran Foxes",
            ["run@0", "run@1", "ran@2", "Fox@3"]
        ),
        (#""lowercase",{"stop":"german"},{"stemmer":"german"}"#, "In den Häusern", ["haus@2"]),
        ("\"ascii_folding\",\"ascii_folding\"", "é", ["e@0"]),
    ])
    func `filters change terms one after the other and keep positions`(
        filters: String, text: String, expected: [String]
    ) throws {
        #expect(try chain(filters, text) == expected)
    }

    @Test(arguments: [
        ("arabic", "الكتاب", "كتاب"), ("armenian", "մարդկանց", "մարդկ"),
        ("basque", "etxeetan", "etxe"), ("catalan", "cantaven", "cant"),
        ("danish", "bøgerne", "bøg"), ("dutch", "boeken", "boek"), ("english", "running", "run"),
        ("finnish", "taloissa", "talo"), ("french", "continuellement", "continuel"),
        ("german", "häusern", "haus"), ("greek", "ανθρώπους", "ανθρωπ"),
        ("hindi", "लड़कियाँ", "लड़क"), ("hungarian", "házakban", "ház"),
        ("indonesian", "makanan", "makan"), ("irish", "bhfear", "fear"),
        ("italian", "parlavano", "parl"), ("lithuanian", "namuose", "nam"),
        ("nepali", "किताबहरू", "किताब"), ("norwegian", "bøkene", "bøk"),
        ("porter", "ponies", "poni"), ("portuguese", "trabalhando", "trabalh"),
        ("romanian", "frumoasele", "frumoas"), ("russian", "книгами", "книг"),
        ("serbian", "knjigama", "knjig"), ("spanish", "corriendo", "corr"),
        ("swedish", "böckerna", "böck"), ("tamil", "மரங்கள்", "மரங்"),
        ("turkish", "evlerimizden", "ev"), ("yiddish", "ביכער", "ביכ"),
    ])
    func `every language of libstemmer stems`(
        language: String, word: String, stem: String
    ) throws {
        #expect(StemmerLanguage.all.contains(language))
        let tokens = try analyzed(
            #"{"tokenizer":"keyword","filters":[{"stemmer":"\#(language)"}]}"#, word)
        #expect(tokens == ["\(stem)@0 0-\(word.utf8.count)"])
    }

    @Test func `every built-in list of stop words is of a language that stems`() throws {
        for language in StopWords.languages {
            #expect(StemmerLanguage(language) != nil)
            let words = try #require(StopWords(language: language)).words
            #expect(words.count >= 30)
            for word in words {
                let text = String(decoding: word, as: UTF8.self)
                #expect(text == text.lowercased())
            }
        }
        #expect(StopWords.languages == StopWords.languages.sorted())
    }

    @Test func `the fast path of a chain agrees with the general one`() throws {
        // A length filter that keeps all takes the chain off the fast path.
        let all = #"{"length":{"min":1,"max":4096}},"lowercase""#
        for (text, _) in StopWords.languages.enumerated().map({ ("Łódź \($0) IS 3.14 ΣΑΣ", $1) }) {
            for tokenizer in ["simple", "standard"] {
                let general = try analyzed(
                    #"{"tokenizer":"\#(tokenizer)","filters":[\#(all)]}"#, text)
                let fast = try analyzed(
                    #"{"tokenizer":"\#(tokenizer)","filters":["lowercase"]}"#, text)
                #expect(fast == general)
            }
        }
    }
}
