/// Finds fields by the path of keys that leads to a value.
///
/// The path of a value is the keys of the objects around it joined by dots; arrays add nothing. So
/// the field `a.b` takes the values of `{"a":{"b":1}}`, `{"a":[{"b":1}]}` and `{"a.b":1}` alike.
struct FieldPaths {
    /// What a schema has at a path.
    struct Target {
        /// The field of this name, as its place in the schema.
        let field: Int?
        /// Whether fields have names that go on behind this path and a dot.
        let isPrefix: Bool

        /// Whether the schema has anything there.
        var isKnown: Bool { field != nil || isPrefix }
    }

    private var names = TermTable()
    /// What is at each path, by its number in `names`.
    private var targets: [Target] = []

    init(_ fields: [Field]) {
        for (number, field) in fields.enumerated() {
            let name = Array(field.name.utf8)
            append(name, field: number)
            for end in name.indices.dropFirst() where name[end] == UInt8(ascii: ".") {
                add(name[..<end], Target(field: nil, isPrefix: true))
            }
        }
    }

    /// Adds a field that was not there.
    mutating func append(_ name: [UInt8], field: Int) {
        add(name[...], Target(field: field, isPrefix: false))
    }

    /// What is at a path; expected time linear in its bytes, no allocation.
    func target(of path: Span<UInt8>) -> Target {
        guard let number = names.number(of: path) else {
            return Target(field: nil, isPrefix: false)
        }
        return targets[Int(number)]
    }

    private mutating func add(_ path: ArraySlice<UInt8>, _ target: Target) {
        let number = Int(names.intern(Array(path).span))
        guard number < targets.count else { return targets.append(target) }
        targets[number] = Target(
            field: target.field ?? targets[number].field,
            isPrefix: target.isPrefix || targets[number].isPrefix)
    }
}
