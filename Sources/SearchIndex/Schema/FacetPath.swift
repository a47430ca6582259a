/// Paths of facets: `/a/b` is a slash and its parts, none of them empty, with slashes between.
enum FacetPath {
    private static let slash = UInt8(ascii: "/")

    /// Whether bytes are a path.
    static func isValid(_ path: Span<UInt8>) -> Bool {
        guard path.count >= 2, path[0] == slash, path[path.count - 1] != slash else { return false }
        for index in 1..<path.count where path[index] == slash && path[index - 1] == slash {
            return false
        }
        return true
    }

    /// The lengths of the paths above a path and of itself, ascending: 2 and 4 for `/a/b`.
    static func ends(of path: Span<UInt8>) -> [Int] {
        (1..<path.count).filter { path[$0] == slash } + [path.count]
    }
}
