"""The corpus and the queries in the form that all engines take."""

import json
import pathlib
import re
from dataclasses import dataclass

WORD = re.compile(r"[^\W_]+")
LONGEST_TERM_BYTES = 39


@dataclass
class Corpus:
    """JSON lines {"id", "body"} with a word in each body and no id twice."""

    path: pathlib.Path
    documents: int
    words: int
    bytes: int

    @property
    def words_per_document(self) -> float:
        return self.words / self.documents

    @property
    def kind(self) -> str:
        """As the bounds tell corpora apart: documents of tens or of hundreds of words."""
        return "short" if self.words_per_document < 100 else "long"


def prepare(source: pathlib.Path, field: str, out: pathlib.Path, limit: int | None) -> Corpus:
    """Keeps of each document its id and one field; those without a word in it are left out."""
    documents = words = 0
    ids: set[str] = set()
    with open(source, encoding="utf-8", errors="replace") as lines, \
            open(out, "w", encoding="utf-8", errors="replace") as kept:
        for number, line in enumerate(lines, 1):
            if limit is not None and documents == limit:
                break
            if not line.strip():
                continue
            document = json.loads(line)
            text = document.get(field)
            if isinstance(text, list):
                text = "\n".join(each for each in text if isinstance(each, str))
            found = len(WORD.findall(text)) if isinstance(text, str) else 0
            if found == 0:
                continue
            own = document.get("id")
            name = own if isinstance(own, str) and own and own not in ids else f"line-{number}"
            ids.add(name)
            documents += 1
            words += found
            kept.write(json.dumps({"id": name, "body": text}, ensure_ascii=False) + "\n")
    if documents == 0:
        raise ValueError(f"{source}: no line has text in the member {field!r}; see --field")
    return Corpus(out, documents, words, out.stat().st_size)


@dataclass
class QuerySet:
    """The queries of one file, tokenized once for all engines, in a file for each mode."""

    name: str
    folder: pathlib.Path
    count: int
    fewest_words: int
    most_words: int

    def path(self, mode: str) -> pathlib.Path:
        return self.folder / f"{mode}.txt"


def terms(line: str) -> list[str]:
    words = [word.lower() for word in WORD.findall(line)]
    return [word for word in words if len(word.encode()) <= LONGEST_TERM_BYTES]


def prepare_queries(source: pathlib.Path, folder: pathlib.Path, most: int | None) -> QuerySet:
    """Lines without a word are left out. Words that come twice in a line count once, but not in
    phrases; single terms are all words of all lines, frequent ones as often as people ask for them.
    """
    lines = [line.strip() for line in source.read_text("utf-8", errors="replace").splitlines()]
    lines = [line for line in lines if terms(line)][:most]
    if not lines:
        raise ValueError(f"{source}: no line holds a word")
    words = [terms(line) for line in lines]
    distinct = [list(dict.fromkeys(each)) for each in words]
    joined = [" ".join(each) for each in distinct]
    files = {
        "union": joined,
        "intersection": joined,
        "phrase": [" ".join(each) for each in words if len(each) > 1] or [" ".join(words[0])],
        "term": [word for each in words for word in each],
        "typed": lines,
    }
    folder.mkdir(parents=True, exist_ok=True)
    for mode, texts in files.items():
        (folder / f"{mode}.txt").write_text("".join(f"{text}\n" for text in texts), "utf-8")
    sizes = [len(each) for each in distinct]
    return QuerySet(source.name, folder, len(lines), min(sizes), max(sizes))
