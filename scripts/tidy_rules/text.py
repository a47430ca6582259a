"""Rules about every text file, and about links in Markdown."""

import posixpath
import re
import urllib.parse

from .repository import Repository, line_of


class _Pattern:
    """A rule that looks for one pattern in all text files."""

    def check(self, repository: Repository):
        for path, text in repository.files.items():
            for found in self.pattern.finditer(text):
                yield path, line_of(text, found.start()), self.name, (
                    f"`{found.group().strip()}`: {self.advice}")


# The patterns are written so that they do not match themselves.
class LeftoverMarkers(_Pattern):
    """No markers of unfinished work stay in the tree."""

    name = "leftover-marker"
    pattern = re.compile(r"\b(?:TO[D]O|FIX[M]E|X[X]X|HAC[K])\b")
    advice = "finish it, or file an issue and take the marker out"


class MachinePaths(_Pattern):
    """No file names an absolute path of one particular machine."""

    name = "machine-path"
    pattern = re.compile(r"(?<![\w./~$}>*-])/(?:work|root|opt/swift|home/\w+)(?=/)")
    advice = "write a path relative to the repository, or take it from the environment"


class RegistryHosts(_Pattern):
    """No file names a package registry's host: the machine's own settings choose it."""

    name = "registry-host"
    pattern = re.compile(
        r"\b(?:(?:deb|security|ftp|snapshot)\.debian[.]org|(?:files\.)?pypi[.]org"
        r"|files\.pythonhosted[.]org|registry\.npmjs[.]org|(?:static\.|index\.)?crates[.]io"
        r"|proxy\.golang[.]org|repo1\.maven[.]org|rubygems[.]org|docker[.]io)\b")
    advice = "leave the choice to the package client's configuration"


class DeadLinks:
    """Relative links in Markdown lead to files and headings that exist."""

    name = "dead-link"
    inline = re.compile(r"\]\(\s*<?([^\s)>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
    reference = re.compile(r"^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)", re.MULTILINE)
    html = re.compile(r"<(?:a|img)\b[^>]*?\b(?:href|src)=\"([^\"]+)\"")

    def check(self, repository: Repository):
        for path, text in repository.files.items():
            if not path.endswith(".md"):
                continue
            prose = without_code(text)
            for pattern in (self.inline, self.reference, self.html):
                for found in pattern.finditer(prose):
                    problem = self._problem(repository, path, found.group(1))
                    if problem:
                        yield path, line_of(prose, found.start(1)), self.name, problem

    @staticmethod
    def _problem(repository: Repository, path: str, link: str) -> str | None:
        if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//", link):
            return None  # another site
        target, _, anchor = urllib.parse.unquote(link).partition("#")
        if not target:
            file = path
        elif target.startswith("/"):
            file = posixpath.normpath(target.lstrip("/"))
        else:
            file = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        if file not in repository.paths and file not in repository.folders:
            return f"`{link}`: there is no {file}"
        if anchor and file.endswith(".md") and anchor not in anchors(repository.files.get(file, "")):
            return f"`{link}`: {file} has no heading #{anchor}"
        return None


def without_code(markdown: str) -> str:
    """The text with code blocks and code spans blanked out; offsets and line breaks stay."""
    def blank(found: re.Match) -> str:
        return re.sub(r"[^\n]", " ", found.group())
    fenced = re.compile(r"^ *(?P<fence>```+|~~~+).*?(?:^ *(?P=fence)[`~]*[ \t]*$|\Z)",
                        re.MULTILINE | re.DOTALL)
    span = re.compile(r"(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)(?P=ticks)(?!`)", re.DOTALL)
    return span.sub(blank, fenced.sub(blank, markdown))


def anchors(markdown: str) -> set[str]:
    """The fragments that a Markdown page answers to: its headings as GitHub names them, and ids."""
    found: set[str] = set()
    counts: dict[str, int] = {}
    fenced = re.sub(r"^ *(```+|~~~+).*?(^ *\1|\Z)", "", markdown, flags=re.MULTILINE | re.DOTALL)
    for heading in re.finditer(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t#]*$", fenced, re.MULTILINE):
        title = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading.group(1))
        slug = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        repeats = counts.get(slug, 0)
        counts[slug] = repeats + 1
        found.add(slug if repeats == 0 else f"{slug}-{repeats}")
    found.update(re.findall(r"<\w+[^>]*?\b(?:id|name)=\"([^\"]+)\"", fenced))
    return found
