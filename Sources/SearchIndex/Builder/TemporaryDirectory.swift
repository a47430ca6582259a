/// The folder that a build writes to, beside the output whose name it gets at the end.
///
/// Removed with all it holds unless it was published. Used by one thread at a time.
final class TemporaryDirectory {
    /// The folder's path.
    let path: String
    private let output: String
    private let parent: String
    private var exists = true

    /// Creates the folder; refuses an output that exists.
    init(for output: String) throws(IndexError) {
        let name = Self.lastComponent(of: output)
        guard !name.isEmpty, name != ".", name != ".." else {
            throw IndexError(.badInput, "not a name for an index folder", file: output)
        }
        let trimmed = Self.withoutTrailingSlashes(output)
        let folder = String(trimmed.dropLast(name.count))
        self.output = trimmed
        parent = folder.isEmpty ? "." : folder
        if FileSystem.exists(trimmed) {
            throw IndexError(
                .alreadyExists, "the output exists", file: trimmed,
                advice: "choose another path, or remove it first")
        }
        let tag = BuildID.random().description.prefix(8)
        path = "\(folder).\(name).building-\(FileSystem.processNumber)-\(tag)"
        try FileSystem.createFolder(path)
    }

    deinit { remove() }

    /// Gives the folder its final name.
    func publish() throws(IndexError) {
        try FileSystem.synchronizeFolder(path)
        try FileSystem.rename(path, to: output)
        exists = false
        try FileSystem.synchronizeFolder(parent)
    }

    /// Removes the folder unless it was published or removed before.
    func remove() {
        guard exists else { return }
        exists = false
        FileSystem.removeTree(path)
    }

    /// The last part of a path, slashes at its end left out.
    static func lastComponent(of path: String) -> String {
        let trimmed = withoutTrailingSlashes(path)
        return String(
            trimmed[
                (trimmed.lastIndex(of: "/").map(trimmed.index(after:))
                    ?? trimmed.startIndex)...])
    }

    private static func withoutTrailingSlashes(_ path: String) -> String {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.last == "/" { trimmed.removeLast() }
        return String(trimmed)
    }
}
