"""Rules about Swift code, and about the length of scripts."""

import ast
import fnmatch
import re

from .repository import Repository, is_generated, line_of
from .swift_source import code_only, functions

HOMES_FILE = "scripts/unsafe-homes.txt"


class FileLength:
    """A Swift file or script has at most 400 lines; generated files may have more."""

    name = "file-length"
    limit = 400

    def check(self, repository: Repository):
        for path, text in {**repository.swift(), **repository.scripts()}.items():
            lines = text.count("\n") + (not text.endswith("\n"))
            if lines > self.limit and not is_generated(path, text):
                yield path, self.limit + 1, self.name, (
                    f"{lines} lines, the limit is {self.limit}: give the second subject its own file")


class FunctionLength:
    """A function has at most 70 lines, from its first line to its closing brace."""

    name = "function-length"
    limit = 70

    def check(self, repository: Repository):
        for path, text in repository.swift().items():
            for function in functions(text):
                if function.lines > self.limit:
                    yield self._finding(path, function.first_line, function.name, function.lines)
        for path, text in repository.scripts().items():
            if not path.endswith(".py") and "python" not in text.partition("\n")[0]:
                continue
            for node in ast.walk(ast.parse(text, path)):
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    lines = node.end_lineno - node.lineno + 1
                    if lines > self.limit:
                        yield self._finding(path, node.lineno, node.name, lines)

    def _finding(self, path: str, line: int, function: str, lines: int):
        return path, line, self.name, (
            f"{function} has {lines} lines, the limit is {self.limit}: name its steps")


class UnsafeHomes:
    """Unsafe Swift constructs stay in the places that scripts/unsafe-homes.txt lists."""

    name = "unsafe-home"
    pattern = re.compile(r"@?\b(?:with)?[uU]nsafe\w*|@unchecked\b|\bUnmanaged\b|\bOpaquePointer\b")

    def check(self, repository: Repository):
        homes = [
            line.strip() for line in repository.files.get(HOMES_FILE, "").splitlines()
            if line.strip() and not line.startswith("#")
        ]
        for path, text in repository.swift().items():
            if any(self._is_home(home, path) for home in homes):
                continue
            code = code_only(text)
            for found in self.pattern.finditer(code):
                yield path, line_of(code, found.start()), self.name, (
                    f"`{found.group()}` outside the homes of {HOMES_FILE}: use Span, or move it there")

    @staticmethod
    def _is_home(home: str, path: str) -> bool:
        return path.startswith(home) if home.endswith("/") else fnmatch.fnmatchcase(path, home)


class BannedCalls:
    """Calls that have a better replacement are not used."""

    name = "banned-call"
    sources_and_tests = re.compile(r"(Sources|Tests)/")
    libraries = re.compile(r"Sources/(?!swiftlet/|Benchmarks/)")
    no_sleep = "wait for an event with a deadline (poll time-out, condition), or inject the clock"
    no_wall_clock = "measure time with the monotonic clock (ContinuousClock)"
    table = [
        (r"\btry!", sources_and_tests, "handle the error, or let it through with `throws`"),
        (r"\bas!", sources_and_tests, "use `as?` and handle nil"),
        (r"(?<!func )\bfatalError\(", sources_and_tests,
         "throw a typed error, or `precondition` with the values in its message"),
        (r"(?<!func )\b(?:u|nano)?sleep\(", sources_and_tests, no_sleep),
        (r"(?<!func )(?<![\w.])(?:print|debugPrint|dump|NSLog)\(", libraries,
         "return values; only the executables write to standard output, libraries use the logger"),
        (r"\bDate\(\)|\bDate\.now\b|\bCFAbsoluteTimeGetCurrent\(|\bgettimeofday\(", sources_and_tests,
         no_wall_clock),
        (r"\bimport XCTest\b", sources_and_tests, "write the test with Swift Testing"),
    ]

    def check(self, repository: Repository):
        for path, text in repository.swift().items():
            rules = [row for row in self.table if row[1].match(path)]
            code = code_only(text) if rules else ""
            for pattern, _, replacement in rules:
                for found in re.finditer(pattern, code):
                    call = found.group().rstrip("(")
                    yield path, line_of(code, found.start()), self.name, f"`{call}`: {replacement}"


class BannedImports:
    """The engine and the state machines import no Foundation, sockets, threads or clocks."""

    name = "banned-import"
    table = {
        "Sources/SearchIndex/": {"Foundation", "FoundationEssentials", "Dispatch", "ZeroMQ", "CZeroMQ"},
        "Sources/ClusterCore/": {
            "Foundation", "FoundationEssentials", "Dispatch", "Glibc", "ZeroMQ", "CZeroMQ"},
        "Sources/WireProtocol/": {"ZeroMQ", "CZeroMQ", "Dispatch", "Glibc"},
    }
    pattern = re.compile(r"^[ \t]*(?:\w+[ \t]+|@\w+[ \t]+)*import[ \t]+(\w+)", re.MULTILINE)

    def check(self, repository: Repository):
        for path, text in repository.swift().items():
            banned = next((names for top, names in self.table.items() if path.startswith(top)), set())
            for found in self.pattern.finditer(code_only(text)) if banned else ():
                if found.group(1) in banned:
                    layer = "/".join(path.split("/")[:2])
                    yield path, line_of(text, found.start(1)), self.name, (
                        f"`import {found.group(1)}` in {layer}: this layer receives such things as values")
