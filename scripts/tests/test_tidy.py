"""Each rule of scripts/tidy finds what it is for, and only that."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from tidy_rules import ALL_RULES, Repository  # noqa: E402
from tidy_rules.swift_source import code_only, functions  # noqa: E402
from tidy_rules.text import anchors, without_code  # noqa: E402

HOMES = {"scripts/unsafe-homes.txt": "# homes\nSources/ZeroMQ/\nSources/Store/LZ4*.swift\n"}


def findings(rule_name: str, files: dict[str, str]) -> list[tuple[str, int]]:
    """Where the rule of that name objects to the files: (path, line)."""
    rule = next(rule for rule in ALL_RULES if rule.name == rule_name)
    found = sorted(rule.check(Repository(files)))
    assert all(name == rule_name and message for _, _, name, message in found)
    return [(path, line) for path, line, _, _ in found]


def swift_function(lines: int, head: str = "func f() {") -> str:
    return "\n".join([head] + ["    step()"] * (lines - 2) + ["}"]) + "\n"


class SwiftSourceTests(unittest.TestCase):
    def visible(self, source: str) -> str:
        code = code_only(source)
        self.assertEqual(len(code), len(source))
        self.assertEqual(code.count("\n"), source.count("\n"))
        return " ".join(code.split())

    def test_comments_and_strings_are_blank(self):
        self.assertEqual(self.visible("a // { b\nc"), "a c")
        self.assertEqual(self.visible("a /* { /* } */ { */ c"), "a c")
        self.assertEqual(self.visible('a = "{ \\" }" + b'), 'a = " " + b')
        self.assertEqual(self.visible('a = """\n  { "x" }\n  """ ; b'), 'a = """ """ ; b')
        self.assertEqual(self.visible('a = #"{ " \\n "# ; b'), 'a = #" "# ; b')
        self.assertEqual(self.visible('a = "// { not a comment" ; b'), 'a = " " ; b')

    def test_code_in_an_interpolation_is_seen(self):
        self.assertEqual(self.visible('"x \\(f { g("}") }) y" ; b'), '" (f { g(" ") }) " ; b')
        self.assertEqual(self.visible('#"x \\(y) \\#(z) w"# ; b'), '#" (z) "# ; b')

    def test_regex_literals_and_raw_identifiers_are_not_code(self):
        self.assertNotIn("{", code_only("let a = #/ { \" /#\nlet b = 1"))
        self.assertNotIn("{", code_only("match(/[{\"]+/)\nlet b = 1"))
        self.assertNotIn("{", code_only("func `a { b`()"))
        self.assertIn("b {", code_only("let x = a / b / c\nb { }"))

    def spans(self, source: str) -> list[tuple[str, int, int]]:
        return [tuple(function) for function in functions(source)]

    def test_functions_of_every_kind_are_found(self):
        source = (
            "struct S {\n"
            "    init?(a: Int) {\n    }\n"
            "    @inline(never) package static func f<T>(\n        a: T = { 1 }()\n    )\n"
            "        async throws(E) -> [Int]\n        where T: A,\n            U: B\n    {\n    }\n"
            "    subscript(i: Int) -> Int {\n        i\n    }\n"
            "    private(set) var size: Int {\n        1\n    }\n"
            "    deinit { close() }\n"
            "    func `a { name`() { }\n"
            "}\n")
        self.assertEqual(
            [(first, last) for _, first, last in self.spans(source)],
            [(2, 3), (4, 11), (12, 14), (15, 17), (18, 18), (19, 19)])
        self.assertEqual(self.spans(source)[-1][0], "`a { name`")

    def test_requirements_and_calls_have_no_body(self):
        source = (
            "protocol P {\n    func f() -> Int\n    init(a: Int)\n    var x: Int { get }\n}\n"
            "func g() {\n    self.init(a: 1)\n    let y = .init(a: 2)\n    run { z }\n}\n")
        self.assertEqual(self.spans(source), [("g", 6, 10)])

    def test_nested_functions_are_found_too(self):
        self.assertEqual(
            self.spans("func a() {\n    func b() {\n    }\n}\n"), [("a", 1, 4), ("b", 2, 3)])

    def test_broken_source_ends(self):
        for source in ('"', '"""', "/*", "func f() {", "func f(", '"\\(', "#/", "`", "}}}"):
            list(functions(source))


class LengthTests(unittest.TestCase):
    def test_a_function_of_70_lines_passes_and_one_of_71_does_not(self):
        self.assertEqual(findings("function-length", {"Sources/a.swift": swift_function(70)}), [])
        self.assertEqual(
            findings("function-length", {"Sources/a.swift": "\n" + swift_function(71)}),
            [("Sources/a.swift", 2)])
        self.assertEqual(
            findings("function-length", {"a.swift": swift_function(71, "init(a: Int) {")}),
            [("a.swift", 1)])

    def test_a_long_python_function_is_found_without_an_extension(self):
        body = "#!/usr/bin/env python3\ndef f():\n" + "    pass\n" * 70
        self.assertEqual(findings("function-length", {"scripts/a": body}), [("scripts/a", 2)])
        self.assertEqual(findings("function-length", {"scripts/a": body[:-9]}), [])

    def test_a_file_of_401_lines_is_refused_unless_generated(self):
        long = "a\n" * 401
        self.assertEqual(findings("file-length", {"a.swift": long}), [("a.swift", 401)])
        self.assertEqual(findings("file-length", {"a.swift": long[2:]}), [])
        self.assertEqual(findings("file-length", {"a.pb.swift": long}), [])
        self.assertEqual(findings("file-length", {"a.swift": "// Generated by x\n" + long}), [])
        self.assertEqual(findings("file-length", {"x": "#!/bin/sh\n" + long}), [("x", 401)])
        self.assertEqual(findings("file-length", {"a.md": long}), [])


class CodeRuleTests(unittest.TestCase):
    def test_unsafe_constructs_stay_in_their_homes(self):
        uses = [
            "unsafe f()", "@unchecked Sendable", "nonisolated(unsafe) var a", "UnsafeRawPointer",
            "a.withUnsafeBytes { }", "unsafeBitCast(a)", "Unmanaged<A>", "UnsafeMutablePointer<Int>"]
        for use in uses:
            for path in ("Sources/SearchIndex/a.swift", "Tests/T/a.swift"):
                with self.subTest(use=use, path=path):
                    self.assertEqual(
                        findings("unsafe-home", HOMES | {path: f"a\n{use}"})[0], (path, 2))
            for path in ("Sources/ZeroMQ/Deep/a.swift", "Sources/Store/LZ4Block.swift"):
                with self.subTest(use=use, path=path):
                    self.assertEqual(findings("unsafe-home", HOMES | {path: use}), [])

    def test_the_word_unsafe_in_text_or_in_other_names_is_fine(self):
        source = '// unsafe\nlet a = "unsafe"\nlet isUnsafe = 1\n.strictMemorySafety()\n'
        self.assertEqual(findings("unsafe-home", HOMES | {"Sources/a.swift": source}), [])

    def test_banned_calls_are_found_where_they_are_banned(self):
        for call in ("try! f()", "a as! B", "fatalError()", "usleep(1)", "sleep(1)",
                     "Thread.sleep(forTimeInterval: 1)", "try await Task.sleep(for: .seconds(1))",
                     "let a = Date()", "import XCTest"):
            for path in ("Sources/ZeroMQ/a.swift", "Tests/T/a.swift", "Sources/swiftlet/a.swift"):
                with self.subTest(call=call, path=path):
                    self.assertEqual(findings("banned-call", {path: f"// a\n{call}"}), [(path, 2)])

    def test_only_executables_and_tests_print(self):
        for path, expected in (
                ("Sources/ZeroMQ/a.swift", 1), ("Sources/swiftlet/a.swift", 0),
                ("Sources/Benchmarks/a.swift", 0), ("Tests/T/a.swift", 0)):
            self.assertEqual(len(findings("banned-call", {path: "print(1)"})), expected, path)

    def test_names_that_only_look_like_banned_calls_pass(self):
        source = 'try f()\nfingerprint(a)\nlog.print(a)\nDate(x)\n"sleep("\nfunc sleep(a: Int)\n'
        self.assertEqual(findings("banned-call", {"Sources/ZeroMQ/a.swift": source}), [])

    def test_layers_import_no_foundation_clocks_or_sockets(self):
        banned = "internal import Foundation\n"
        for path in ("Sources/SearchIndex/a.swift", "Sources/ClusterCore/b/a.swift"):
            self.assertEqual(findings("banned-import", {path: banned}), [(path, 1)])
        for path in ("Sources/ClusterRuntime/a.swift", "Tests/SearchIndexTests/a.swift"):
            self.assertEqual(findings("banned-import", {path: banned}), [])
        self.assertEqual(
            findings("banned-import", {"Sources/SearchIndex/a.swift": "// import Foundation\n"}), [])


class TextRuleTests(unittest.TestCase):
    def test_leftover_markers_are_found_in_any_file(self):
        for marker in ("TO" "DO", "FIX" "ME", "X" "XX", "HA" "CK"):
            self.assertEqual(findings("leftover-marker", {"a.md": f"a\n{marker}: b"}), [("a.md", 2)])
        self.assertEqual(findings("leftover-marker", {"a.md": "todo list, hacker, XXXL"}), [])

    def test_machine_paths_are_found_and_other_paths_are_not(self):
        for path in ("/wo" "rk/main", "/ro" "ot/x", "/opt/" "swift/usr", "/home/" "me/x"):
            self.assertEqual(findings("machine-path", {"a": f"cd {path}"}), [("a", 1)], path)
        for path in ("docs/wo" "rk/x", "https://a.org/wo" "rk/x", "/workers/x", "/opt/" "swiftlet/x"):
            self.assertEqual(findings("machine-path", {"a": f"cd {path}"}), [], path)

    def test_registry_hosts_are_found(self):
        for host in ("deb.debian" ".org", "pypi" ".org", "registry.npmjs" ".org", "crates" ".io"):
            self.assertEqual(findings("registry-host", {"a": f"x\nhttps://{host}/y"}), [("a", 2)])
        self.assertEqual(findings("registry-host", {"a": "https://www.debian.org https://swift.org"}), [])


class DeadLinkTests(unittest.TestCase):
    files = {"docs/b.md": "# The Title\n## Two `words`, twice\n## Two words, twice\n", "x/y.txt": ""}

    def problems(self, text: str, path: str = "docs/a.md") -> int:
        return len(findings("dead-link", self.files | {path: text}))

    def test_links_to_what_exists_pass(self):
        for link in ("[t](b.md)", "![t](../x/y.txt)", "[t](/docs/b.md)", "[t](../x)", "[t](../x/)",
                     "[t](b.md#the-title)", "[t](b.md#two-words-twice-1)", "[t](https://a.org/z)",
                     "[t](mailto:a@b.c)", "[t]: b.md", '<a href="b.md">t</a>', "# Me\n[t](#me)",
                     '[t](b.md "title")', "[a [b] c](b.md)", '<a id="q"></a>[t](#q)'):
            self.assertEqual(self.problems(link), 0, link)

    def test_links_to_what_does_not_exist_are_found(self):
        for link in ("[t](c.md)", "![t](y.txt)", "[t](../../b.md)", "[t](b.md#title)", "[t](#me)",
                     "[t]: c.md", '<img src="c.png">', "[![t](c.png)](b.md)"):
            self.assertEqual(self.problems(link), 1, link)

    def test_code_holds_no_links(self):
        self.assertEqual(self.problems("`[t](c.md)` and ``x ` [t](c.md)``"), 0)
        self.assertEqual(self.problems("```\n[t](c.md)\n```\n[u](d.md)"), 1)
        self.assertEqual(len(without_code("a `b` c")), 7)

    def test_headings_in_code_blocks_are_no_anchors(self):
        self.assertEqual(anchors("# A b\n```\n# C\n```\n## [D](x.md) ##\n"), {"a-b", "d"})


if __name__ == "__main__":
    unittest.main()
