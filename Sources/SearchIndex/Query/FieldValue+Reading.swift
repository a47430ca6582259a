extension FieldValue {
    /// Whether fields of this kind hold such values.
    func fits(_ kind: Field.Kind) -> Bool {
        switch (self, kind) {
        case (.text, .text), (.text, .keyword), (.text, .facet), (.integer, .integer),
            (.bool, .bool), (.date, .date):
            true
        case (.double(let value), .double): value.isFinite
        default: false
        }
    }

    /// The value that a text names in a field of this kind; nil if it names none.
    init?(reading text: [UInt8], of kind: Field.Kind) {
        let value: FieldValue? =
            switch kind {
            case .text, .keyword, .facet: .text(text)
            case .integer: Self.integer(reading: text)
            case .double: Self.double(reading: text)
            case .bool: Self.bool(reading: text)
            case .date: Self.date(reading: text)
            }
        guard let value else { return nil }
        self = value
    }

    /// A decimal integer with an optional sign, within 64 bits.
    static func integer(reading text: [UInt8]) -> FieldValue? {
        Int64(String(decoding: text, as: UTF8.self)).map { .integer($0) }
    }

    /// A finite decimal number with optional sign, fraction and exponent.
    static func double(reading text: [UInt8]) -> FieldValue? {
        let allowed = Array("0123456789+-.eE".utf8)
        guard text.count <= 400, text.allSatisfy({ allowed.contains($0) }),
            let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite
        else { return nil }
        return .double(value)
    }

    /// `true` or `false`.
    static func bool(reading text: [UInt8]) -> FieldValue? {
        switch String(decoding: text, as: UTF8.self) {
        case "true": .bool(true)
        case "false": .bool(false)
        default: nil
        }
    }

    /// A date as `DateText` reads it.
    static func date(reading text: [UInt8]) -> FieldValue? {
        DateText.microseconds(of: text.span).map { .date($0) }
    }
}
