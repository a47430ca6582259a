"""Tantivy behind the commands of scripts/compare: one a line on standard input, tab-separated.

    build   CORPUS INDEX                                    one JSON line: documents, seconds
    open    INDEX                                           documents, segments, bytes by file kind
    run     MODE LIMIT COUNT REPEATS QUERIES OUT            writes OUT: microseconds, total, scores

Times are those of `Searcher.search` alone; query objects are made before. Run it with the Python
that has the package `tantivy`.
"""

import json
import os
import pathlib
import sys
import time

import tantivy
from tantivy import Occur, Query

FIELD = "body"
HEAP_BYTES = 3_000_000_000  # so large that the writer flushes one segment


class Engine:
    """One index, which is built or opened."""

    def __init__(self):
        builder = tantivy.SchemaBuilder()
        builder.add_text_field(
            FIELD, stored=False, tokenizer_name="default", index_option="position")
        self.schema = builder.build()

    def build(self, corpus: str, folder: str) -> dict:
        """From opening the file to the committed index, one writer thread, parsing in Rust."""
        os.makedirs(folder)
        began = time.perf_counter()
        index = tantivy.Index(self.schema, path=folder)
        writer = index.writer(HEAP_BYTES, 1)
        documents = 0
        with open(corpus, encoding="utf-8") as lines:
            for line in lines:
                writer.add_json(line)
                documents += 1
        writer.commit()
        seconds = time.perf_counter() - began
        writer.wait_merging_threads()
        return {"documents": documents, "seconds": seconds}

    def open(self, folder: str) -> dict:
        self.index = tantivy.Index.open(folder)
        self.searcher = self.index.searcher()
        kinds: dict[str, int] = {}
        for file in pathlib.Path(folder).iterdir():
            if file.suffix and not file.name.startswith("."):
                kinds[file.suffix[1:]] = kinds.get(file.suffix[1:], 0) + file.stat().st_size
        return {"documents": self.searcher.num_docs, "segments": self.searcher.num_segments,
                "files": kinds}

    def query(self, mode: str, line: str) -> Query:
        words = line.split()
        if mode == "typed":
            return self.index.parse_query(line, [FIELD])
        if mode == "phrase" and len(words) > 1:
            return Query.phrase_query(self.schema, FIELD, words)
        terms = [Query.term_query(self.schema, FIELD, word, "freq") for word in words]
        if len(terms) == 1:
            return terms[0]
        occur = Occur.Should if mode == "union" else Occur.Must
        return Query.boolean_query([(occur, term) for term in terms])

    def run(self, mode: str, limit: int, count: bool, repeats: int, queries: list[str],
            out: str) -> dict:
        made = [self.query(mode, line) for line in queries]
        best = [float("inf")] * len(made)
        answers = [None] * len(made)
        search, clock = self.searcher.search, time.perf_counter_ns
        for _ in range(repeats):
            for place, query in enumerate(made):
                began = clock()
                found = search(query, limit, count)
                took = clock() - began
                answers[place] = found
                if took < best[place]:
                    best[place] = took
        with open(out, "w", encoding="utf-8") as file:
            for found, nanoseconds in zip(answers, best):
                scores = " ".join(repr(score) for score, _ in found.hits[:10])
                total = found.count if count else -1
                file.write(f"{nanoseconds / 1000}\t{total}\t{scores}\n")
        return {"queries": len(made)}


def main() -> None:
    engine = Engine()
    for line in sys.stdin:
        command, *arguments = line.rstrip("\n").split("\t")
        if command == "build":
            answer = engine.build(*arguments)
        elif command == "open":
            answer = engine.open(*arguments)
        else:
            mode, limit, count, repeats, queries, out = arguments
            lines = pathlib.Path(queries).read_text(encoding="utf-8").splitlines()
            answer = engine.run(mode, int(limit), count == "exact", int(repeats), lines, out)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
