/// Lines of cells under columns, as text.
struct Table {
    let columns: [String]
    let lines: [[String]]

    /// Aligned with spaces, for a terminal.
    var plain: String {
        let widths = columns.indices.map { column in
            ([columns] + lines).map { $0[column].count }.max() ?? 0
        }
        let rows = ([columns] + lines).map { cells in
            var row = ""
            for (cell, width) in zip(cells, widths) {
                row += cell + String(repeating: " ", count: width - cell.count + 2)
            }
            while row.last == " " { row.removeLast() }
            return row
        }
        return rows.joined(separator: "\n") + "\n"
    }

    /// A Markdown table.
    var markdown: String {
        ([columns, columns.map { _ in "---" }] + lines)
            .map { "| \($0.joined(separator: " | ")) |\n" }
            .joined()
    }
}
