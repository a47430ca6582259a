/// The result of a run, as text.
struct RunResult {
    let report: Report
    /// Bytes of the one-shard index by kind of section; empty where they are not reported.
    let sizes: [(kind: String, bytes: UInt64)]
    let inputs: String
    let source: String
    let machine: Machine

    private var head: [String] {
        [
            "Data: \(source), \(inputs).",
            "Machine: \(machine.description).",
            "Rounds: \(report.repeats), after one to warm up; mean, p50 and p99 are medians over the "
                + "rounds, the spread is the smallest and the largest round (of the p50 where there "
                + "are times).",
        ]
    }

    private var measured: Table { Table(columns: Report.columns, lines: report.cells) }

    private var sizeTable: Table {
        let total = sizes.reduce(0) { $0 + $1.bytes }
        let lines = (sizes + [("all", total)]).map { kind, bytes in
            let share = total == 0 ? 0 : Double(bytes) / Double(total) * 100
            return [kind, Int(clamping: bytes).grouped, "\(share.rounded3) %"]
        }
        return Table(columns: ["section", "bytes", "share"], lines: lines)
    }

    private var verdicts: [String] { Bound.verdicts(of: report) }

    /// For a terminal.
    var plain: String {
        let table = head.joined(separator: "\n") + "\n\n" + measured.plain
        guard verdicts.isEmpty else { return table + "\n" + verdicts.joined(separator: "\n") }
        return sizes.isEmpty ? table : table + "\nIndex of one shard:\n\n" + sizeTable.plain
    }

    /// For a document.
    var markdown: String {
        let table = "\n" + head.map { "- \($0)\n" }.joined() + "\n" + measured.markdown
        guard verdicts.isEmpty else {
            return table + "\n" + verdicts.map { "- \($0)\n" }.joined() + "\n"
        }
        return table + "\nSize of the index of one shard:\n\n" + sizeTable.markdown + "\n"
    }
}
