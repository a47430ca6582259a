/// Writes a passage with its marks.
struct FragmentWriter {
    let text: MarkedText
    let options: SnippetOptions

    /// The bytes of a passage as text; malformed ones become U+FFFD.
    func fragment(_ passage: Range<Int>) -> String {
        var output: [UInt8] = []
        var offset = passage.lowerBound
        for range in marked(in: passage) {
            append(offset..<range.lowerBound, to: &output)
            output += options.openingMark.utf8
            append(range, to: &output)
            output += options.closingMark.utf8
            offset = range.upperBound
        }
        append(offset..<passage.upperBound, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// The bytes to mark, ascending and apart; words that overlap are marked together.
    private func marked(in passage: Range<Int>) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        for mark in text.marks {
            let range = text.words[mark.word].range
            guard range.lowerBound >= passage.lowerBound, range.upperBound <= passage.upperBound
            else { continue }
            if let last = ranges.last, range.lowerBound < last.upperBound {
                let end = max(last.upperBound, range.upperBound)
                ranges[ranges.count - 1] = last.lowerBound..<end
            } else {
                ranges.append(range)
            }
        }
        return ranges
    }

    private func append(_ range: Range<Int>, to output: inout [UInt8]) {
        guard options.escapesHTML else {
            output += text.text[range]
            return
        }
        for byte in text.text[range] {
            switch byte {
            case UInt8(ascii: "&"): output += "&amp;".utf8
            case UInt8(ascii: "<"): output += "&lt;".utf8
            case UInt8(ascii: ">"): output += "&gt;".utf8
            case UInt8(ascii: "\""): output += "&quot;".utf8
            case UInt8(ascii: "'"): output += "&#39;".utf8
            default: output.append(byte)
            }
        }
    }
}
