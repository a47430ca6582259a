/// Lines of the text format of Prometheus, version 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/).
struct ExpositionText {
    private(set) var text = ""

    /// The lines before the series of a family.
    mutating func begin(_ name: String, _ kind: PrometheusKind) {
        if let help = MetricHelp.texts[name] {
            text += "# HELP \(name) \(Self.escapedHelp(help))\n"
        }
        text += "# TYPE \(name) \(kind.rawValue)\n"
    }

    /// The line of one value; `labels` is what stands between the braces.
    mutating func sample(_ name: String, _ labels: String, _ value: String) {
        text += name
        if !labels.isEmpty { text += "{\(labels)}" }
        text += " \(value)\n"
    }

    /// A number as Go's ParseFloat reads it back: whole ones without fraction.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int64(exactly: value).map { "\($0)" } ?? "\(value)"
    }

    /// A name of the form `[a-zA-Z_:][a-zA-Z0-9_:]*`: what is not allowed becomes `_`.
    static func name(_ label: String) -> String {
        let bytes = label.utf8.map { isNameByte($0) || $0 == UInt8(ascii: ":") ? $0 : 0x5F }
        let name = String(decoding: bytes, as: UTF8.self)
        return bytes.first.map { (0x30...0x39).contains($0) } ?? true ? "_" + name : name
    }

    /// What stands between the braces: `one="a",two="b"`.
    static func labels(_ labels: [(String, String)]) -> String {
        labels.map { name, value in
            let bytes = name.utf8.map { isNameByte($0) ? $0 : 0x5F }
            return "\(String(decoding: bytes, as: UTF8.self))=\"\(escaped(value))\""
        }.joined(separator: ",")
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: true
        default: false
        }
    }

    /// The value of a label: backslash, quotation mark and line feed are escaped.
    private static func escaped(_ value: String) -> String {
        var text = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }

    /// The text of HELP: backslash and line feed are escaped.
    static func escapedHelp(_ help: String) -> String {
        var text = ""
        for character in help.unicodeScalars {
            switch character {
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }
}
