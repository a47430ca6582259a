"""A scanner for Swift source: enough of the grammar to know code from text, and function bodies."""

import re
from typing import Iterator, NamedTuple

MODIFIER = r"(?:@\w+(?:\([^()\n]*\))?|\w+(?:\(\w+\))?)"
DECLARATION = re.compile(
    rf"^[ \t]*(?:{MODIFIER}[ \t]+)*?(?:(?P<func>func)[ \t]+[^\s(<]+|(?P<init>init)[?!]?(?=[ \t]*[(<])"
    rf"|(?P<deinit>deinit)(?=[ \t]*\{{)|(?P<subscript>subscript)(?=[ \t]*[(<])"
    rf"|(?P<var>var)[ \t]+\w+[ \t]*:(?=[^=\n]*\{{[ \t]*$))",
    re.MULTILINE)
NAME = re.compile(r"(?:func|var)[ \t]+([^\s(<:]+)")
# A line that begins like this goes on with the signature of the line before.
CONTINUES = re.compile(r"\s*(?:async|throws|rethrows|where)\b|\s*(?:->|\{|,|:|&)")
UNFINISHED = (",", "->", ":", "&", "==", "=", "where", "throws", "async")
BARE_REGEX = (
    r"(?:(?<=[(,=:\[])|(?<=[(,=:\[] ))/(?![*/\s])(?:\\.|[^/\\\n])+/(?=[\s,).\]])")


class Function(NamedTuple):
    name: str
    first_line: int
    last_line: int

    @property
    def lines(self) -> int:
        return self.last_line - self.first_line + 1


def code_only(source: str) -> str:
    """The source with comments, string contents and regex literals blanked out, and raw
    identifiers filled with x. Offsets and line breaks stay; code inside \\( ) stays visible."""
    return _Scanner(source).run()


def functions(source: str) -> Iterator[Function]:
    """Functions, initializers, subscripts and computed properties that have a body."""
    code = code_only(source)
    for match in DECLARATION.finditer(code):
        opening = _body_start(code, match.end())
        if opening is None:
            continue
        closing = _matching_brace(code, opening)
        named = NAME.search(match.group())
        keyword = next(kind for kind, found in match.groupdict().items() if found)
        start = match.start(keyword)
        yield Function(
            source[match.start() + named.start(1):match.start() + named.end(1)] if named else keyword,
            code.count("\n", 0, start) + 1, code.count("\n", 0, closing) + 1)


def _body_start(code: str, offset: int) -> int | None:
    depth = 0
    for index in range(offset, len(code)):
        character = code[index]
        if character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        if depth > 0:
            continue
        if depth < 0 or character in "};":
            return None
        if character == "{":
            return index
        if character == "\n" and not _signature_goes_on(code, index):
            return None
    return None


def _signature_goes_on(code: str, newline: int) -> bool:
    before = code[:newline][-200:].rstrip()
    return before.endswith(UNFINISHED) or CONTINUES.match(code, newline) is not None


def _matching_brace(code: str, opening: int) -> int:
    depth = 0
    for brace in re.compile(r"[{}]").finditer(code, opening):
        depth += 1 if brace.group() == "{" else -1
        if depth == 0:
            return brace.start()
    return len(code)


class _Scanner:
    TOKEN = re.compile(r'//|/\*|`[^`\n]*`|#*"""|#*"|#+/|[()]|' + BARE_REGEX)

    def __init__(self, source: str):
        self.source = source
        self.out = list(source)

    def run(self) -> str:
        self._code(0, inside_interpolation=False)
        return "".join(self.out)

    def _blank(self, start: int, end: int, filler: str = " ") -> None:
        for index in range(start, end):
            if self.out[index] != "\n":
                self.out[index] = filler

    def _code(self, offset: int, inside_interpolation: bool) -> int:
        """Scans code to the end of the file, or behind the `)` that ends an interpolation."""
        depth = 0
        while token := self.TOKEN.search(self.source, offset):
            text, start, offset = token.group(), token.start(), token.end()
            if text == "(":
                depth += 1
            elif text == ")":
                depth -= 1
                if depth < 0 and inside_interpolation:
                    return offset
            elif text == "//":
                end = self.source.find("\n", offset)
                offset = len(self.source) if end < 0 else end
                self._blank(start, offset)
            elif text == "/*":
                offset = self._block_comment_end(offset)
                self._blank(start, offset)
            elif text.startswith(("`", "/")):
                self._blank(start, offset, "x")
            elif text.endswith("/"):
                end = self.source.find("/" + "#" * (len(text) - 1), offset)
                if end >= 0:
                    offset = end + len(text)
                    self._blank(start, offset)
            else:
                offset = self._string(offset, text)
        return len(self.source)

    def _block_comment_end(self, offset: int) -> int:
        depth = 1
        for mark in re.compile(r"/\*|\*/").finditer(self.source, offset):
            depth += 1 if mark.group() == "/*" else -1
            if depth == 0:
                return mark.end()
        return len(self.source)

    def _string(self, offset: int, opening: str) -> int:
        """Blanks a string's contents from behind its opening quotes; returns the offset after it."""
        hashes = re.escape("#" * opening.count("#"))
        quotes = '"' * opening.count('"')
        stop = re.compile(rf"\\{hashes}(\(|.)|{quotes}{hashes}" + ("" if quotes == '"""' else r"|\n"),
                          re.DOTALL)
        while found := stop.search(self.source, offset):
            self._blank(offset, found.start())
            if not found.group().startswith("\\"):
                return found.end()
            if found.group(1) == "(":
                self._blank(found.start(), found.end() - 1)
                offset = self._code(found.end(), inside_interpolation=True)
            else:
                self._blank(found.start(), found.end())
                offset = found.end()
        return len(self.source)
