"""Times, ratios and bounds as a table, and whether the engines agree."""

import math
import os
from dataclasses import dataclass

from corpus import QuerySet
from engines import Answers, Run, memory_made

TOLERANCE = 1e-5
LUCENE_FACTOR = 2.2  # Lucene 8 leaves the constant factor (k1 + 1) out of BM25
# Lucene 8 computes weight - weight / (1 + frequency / norm): its rounding is relative to the weight,
# not to a small score, so that scores below this one are compared by their absolute difference.
LUCENE_LEAST = 1.0

# Most that our mean may be of Tantivy's, top 10: by kind of corpus, then mode. Elsewhere below 1.
BOUNDS = {
    "short": {"union": 0.10, "intersection": 0.30, "phrase": 0.25, "term": 0.10,
              "union of 5 and more": 0.15},
    "long": {"union": 0.15, "intersection": 0.20, "phrase": 0.30},
}


def percentile(values: list[float], percent: float) -> float:
    """Nearest rank, as `swiftlet bench` computes it."""
    return sorted(values)[max(math.ceil(percent / 100 * len(values)), 1) - 1]


def times(answers: Answers) -> list[float]:
    values = answers.microseconds
    return [sum(values) / len(values), *(percentile(values, percent) for percent in (50, 90, 99))]


def number(value: float) -> str:
    return f"{value:.1f}" if value < 100 else f"{value:.0f}"


@dataclass
class Agreement:
    """How many top-10 lists of two engines differ by more than the tolerance."""

    queries: int = 0
    wrong: int = 0
    largest: float = 0.0
    example: str = ""

    def add(self, mine: Answers, other: Answers, factor: float, least: float,
            queries: list[str]) -> None:
        for place, text in enumerate(queries):
            difference = self.difference(mine.scores[place],
                                         [score * factor for score in other.scores[place]],
                                         least)
            if mine.totals[place] != other.totals[place]:
                difference = math.inf
            self.queries += 1
            self.largest = max(self.largest, difference)
            if difference > TOLERANCE:
                self.wrong += 1
                self.example = self.example or text

    @staticmethod
    def difference(mine: list[float], other: list[float], least: float) -> float:
        """The largest, relative to the scores or to `least`; infinite for different lengths."""
        if len(mine) != len(other):
            return math.inf
        pairs = zip(mine, other)
        return max((abs(a - b) / max(abs(a), abs(b), least) for a, b in pairs), default=0.0)

    def __str__(self) -> str:
        said = f"{self.queries - self.wrong} of {self.queries} top-10 lists agree within 1e-5"
        said += f", largest relative difference {self.largest:.1e}"
        return said + (f"; first that differs: {self.example}" if self.wrong else "")


@dataclass
class Row:
    """One measured run with the times of all engines and what is to be judged."""

    run: Run
    queries: QuerySet
    kind: str
    swiftlet: list[float]
    tantivy: list[float]
    lucene: list[float]

    @property
    def bound(self) -> float:
        if self.run.limit != 10 or self.run.count == "exact":
            return 1.0
        many = self.run.mode != "term" and self.queries.fewest_words >= 5
        mode = f"{self.run.mode} of 5 and more" if many else self.run.mode
        return BOUNDS[self.kind].get(mode, 1.0)

    @property
    def ratio(self) -> float:
        return self.swiftlet[0] / self.tantivy[0]

    @property
    def failures(self) -> list[str]:
        """Which of the bounds do not hold."""
        found = []
        if self.ratio > self.bound:
            found.append("mean / Tantivy")
        if self.swiftlet[0] > self.lucene[0]:
            found.append("mean / Lucene")
        if self.swiftlet[3] > self.tantivy[3]:
            found.append("p99 / Tantivy")
        if self.swiftlet[3] > self.lucene[3]:
            found.append("p99 / Lucene")
        return found

    @property
    def cells(self) -> list[str]:
        engines = [" / ".join(map(number, each))
                   for each in (self.swiftlet, self.tantivy, self.lucene)]
        counted = ", counted" if self.run.count == "exact" else ""
        failures = self.failures
        words = f"{self.queries.fewest_words}-{self.queries.most_words} words"
        return [f"{self.run.mode}, {words}" if self.run.mode != "term" else "term",
                f"top {self.run.limit}{counted}", *engines,
                f"{self.ratio:.3f}", f"{self.swiftlet[0] / self.lucene[0]:.3f}",
                f"{self.swiftlet[3] / self.tantivy[3]:.3f}",
                f"{self.swiftlet[3] / self.lucene[3]:.3f}", f"{self.bound:.2f}",
                "FAIL: " + ", ".join(failures) if failures else "pass"]


COLUMNS = ["queries", "hits", "Swiftlet", "Tantivy", "Lucene", "mean / Tantivy", "mean / Lucene",
           "p99 / Tantivy", "p99 / Lucene", "bound", "verdict"]


def table(columns: list[str], lines: list[list[str]]) -> str:
    """A Markdown table whose columns are aligned."""
    widths = [max(len(line[at]) for line in [columns, *lines]) for at in range(len(columns))]
    rows = [columns, ["-" * width for width in widths], *lines]
    return "".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |\n"
        for line in rows)


def judged(value: float, bound: float, at_least: bool) -> str:
    holds = value >= bound if at_least else value <= bound
    return "pass" if holds else "FAIL"


def replace_section(text: str, name: str, content: str) -> str:
    """The text with `content` between the marker lines of the section `name`."""
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->\n"
    if text.count(begin) != 1 or text.count(end) != 1 or text.index(begin) > text.index(end):
        raise ValueError(f"expected one line {begin.strip()} and after it one {end.strip()}")
    head, rest = text.split(begin)
    return head + begin + "\n" + content + "\n" + end + rest.split(end)[1]


def rates(comparison) -> list[str]:
    """Lines about building, where it was measured."""
    documents, seconds = comparison.corpus.documents, comparison.seconds
    lines = [f"- {name}: {documents / took:,.0f} documents/s ({took:.2f} s)"
             for name, took in seconds.items()]
    if {"swiftlet", "Tantivy"} <= set(seconds):
        ratio = seconds["Tantivy"] / seconds["swiftlet"]
        lines.append(f"- Swiftlet's rate / Tantivy's: {ratio:.2f}, bound 2:"
                     f" {judged(ratio, 2, at_least=True)}")
    if comparison.two_threads:
        took = comparison.two_threads
        ratio = seconds["swiftlet"] / took
        lines.append(f"- swiftlet with two threads on two cores: {documents / took:,.0f}"
                     f" documents/s ({took:.2f} s), {ratio:.2f} times one, bound 1.7:"
                     f" {judged(ratio, 1.7, at_least=True)}")
    if comparison.at_once:
        took = comparison.at_once
        lines.append(f"- two such builds of one thread at the same time on two cores: {took:.2f} s,"
                     f" {2 * seconds['swiftlet'] / took:.2f} times one: what the machine gives to"
                     " two processes that share nothing")
    return lines


def sizes(comparison) -> list[str]:
    documents, lines = comparison.corpus.documents, []
    for name, size in comparison.sizes.items():
        other = ", ".join(f"{kind} {count / documents:.2f}"
                          for kind, count in sorted(size.other.items()) if count)
        lines.append(f"- {name}: {size.compared:,} bytes ({size.compared / documents:.2f} a"
                     f" document); apart, bytes a document: {other or 'nothing'}")
    ratio = comparison.sizes["swiftlet"].compared / comparison.sizes["Tantivy"].compared
    lines.append(f"- Swiftlet / Tantivy: {ratio:.3f}, bound 1:"
                 f" {judged(ratio, 1, at_least=False)}")
    return lines


def memory(comparison) -> list[str]:
    use = comparison.swiftlet.resources
    if not use:
        return []
    mebibyte = 1 << 20
    own = memory_made(use) / mebibyte
    bound = 64 * max(comparison.corpus.documents / 1e6, 1)
    return [f"- Opening took {use['open_microseconds'] / 1000:.2f} ms.",
            f"- Resident: {use['opened']['resident_bytes'] / mebibyte:.1f} MiB after opening,"
            f" {use['searched']['resident_bytes'] / mebibyte:.1f} MiB after the searches of the mode"
            f" that needs most; of that"
            f" not mapped files, since before opening: {own:.1f} MiB, bound {bound:.0f} MiB:"
            f" {judged(own, bound, at_least=False)}"]


def page(comparison) -> str:
    """The whole result as Markdown."""
    made, load = comparison.corpus, os.getloadavg()[0]
    lines = [
        f"Data: {made.documents:,} documents of {made.words_per_document:.1f} words"
        f" ({made.bytes / 1e6:.1f} MB); queries: "
        + ", ".join(f"{each.count} of {each.name}" for each in comparison.sets)
        + f". Load average at the end {load:.2f}, {os.cpu_count()} cores.", "",
        "Mean / p50 / p90 / p99 in microseconds, one thread. The bound is of the mean against"
        " Tantivy's; all others must be below 1.", "",
        table(COLUMNS, [row.cells for row in comparison.rows]).rstrip(), ""]
    lines += [f"- Scores, Swiftlet and {name}: {found}"
              for name, found in comparison.agreements.items()]
    for title, part in (("Building, one core:", rates(comparison)),
                        ("Dictionary (without global frequencies), postings, positions and"
                         " lengths:", sizes(comparison)),
                        ("The searcher of Swiftlet:", memory(comparison))):
        if part:
            lines += ["", title, "", *part]
    return "\n".join(lines) + "\n"
