"""The three engines: each builds an index of a corpus, opens it and runs queries."""

import json
import pathlib
import shutil
import subprocess
from dataclasses import dataclass, field

SCHEMA = {
    "fields": [{"name": "body", "kind": "text", "analyzer": "simple", "stored": False}],
    "store_source": False,
}


class EngineFailure(Exception):
    """What an engine said when it failed."""


@dataclass
class Size:
    """Bytes of an index: what all engines must have, and the rest by kind."""

    compared: int
    other: dict[str, int]


@dataclass
class Answers:
    """Best microseconds of each query, total hits (-1: not counted), and scores of the top 10."""

    microseconds: list[float]
    totals: list[int]
    scores: list[list[float]]

    def keep_best(self, again: "Answers") -> None:
        self.microseconds = list(map(min, self.microseconds, again.microseconds))


@dataclass
class Run:
    """One thing that is measured: queries in a mode, with so many hits, counted or not."""

    mode: str
    limit: int
    count: str
    queries: pathlib.Path


def pinned(core: int, command: list[str], *others: int) -> list[str]:
    return ["taskset", "-c", ",".join(map(str, [core, *others])), *command]


def run_command(command: list[str]) -> str:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise EngineFailure(f"{' '.join(command)}: {done.stderr.strip()[-2000:]}")
    return done.stdout


class ServedEngine:
    """Tantivy or Lucene: a process that takes commands on its standard input."""

    def __init__(self, name: str, command: list[str], work: pathlib.Path, core: int,
                 compared: set[str]):
        self.name, self.work, self.compared = name, work, compared
        self.folder = work / name
        self.process = subprocess.Popen(
            pinned(core, command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, *words: object) -> dict:
        try:
            self.process.stdin.write("\t".join(map(str, words)) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise EngineFailure(f"{self.name} ended while it was asked: {words[0]}")
        return json.loads(line)

    @property
    def is_built(self) -> bool:
        return self.folder.exists()

    def build(self, corpus: pathlib.Path) -> float:
        """Seconds from the file to the committed index."""
        shutil.rmtree(self.folder, ignore_errors=True)
        return self.ask("build", corpus, self.folder)["seconds"]

    def open(self) -> Size:
        opened = self.ask("open", self.folder)
        if opened["segments"] != 1:
            raise EngineFailure(f"{self.name} has {opened['segments']} segments; expected one")
        self.documents = opened["documents"]
        files = opened["files"]
        return Size(sum(files.get(kind, 0) for kind in self.compared),
                    {kind: size for kind, size in files.items() if kind not in self.compared})

    def answers(self, run: Run, repeats: int) -> Answers:
        out = self.work / f"{self.name}.out"
        self.ask("run", run.mode, run.limit, run.count, repeats, run.queries, out)
        answers = Answers([], [], [])
        with open(out, encoding="utf-8") as lines:
            for line in lines:
                time, total, scores = line.rstrip("\n").split("\t")
                answers.microseconds.append(float(time))
                answers.totals.append(int(total))
                answers.scores.append([float(score) for score in scores.split()])
        return answers

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def memory_made(resources: dict) -> int:
    """The bytes that a searcher made itself between opening and the end of its searches."""
    return resources["searched"]["anonymous_bytes"] - resources["before"]["anonymous_bytes"]


@dataclass
class Swiftlet:
    """The release build of this repository; a new process for every run."""

    binary: pathlib.Path
    work: pathlib.Path
    core: int
    name: str = "swiftlet"
    resources: dict = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder = self.work / self.name
        self.schema = self.work / "schema.json"
        self.schema.write_text(json.dumps(SCHEMA))

    @property
    def is_built(self) -> bool:
        """Never: its report comes with the build, and its format may have changed."""
        return False

    def build(self, corpus: pathlib.Path) -> float:
        shutil.rmtree(self.folder, ignore_errors=True)
        command = self.build_command(corpus) + ["--keep", str(self.folder)]
        self.report = json.loads(run_command(pinned(self.core, command)))
        return self.report["seconds"]

    def build_with_two_threads(self, corpus: pathlib.Path, core: int) -> float:
        """Seconds of a build with two threads, on another core too; the index is not kept."""
        command = self.build_command(corpus) + ["--threads", "2"]
        return json.loads(run_command(pinned(self.core, command, core)))["seconds"]

    def build_twice_at_once(self, corpus: pathlib.Path, core: int) -> float:
        """Seconds of the slower of two builds of one thread each, on two cores at the same time."""
        builds = [subprocess.Popen(pinned(each, self.build_command(corpus)),
                                   stdout=subprocess.PIPE, text=True)
                  for each in (self.core, core)]
        outputs = [build.communicate()[0] for build in builds]
        if any(build.returncode for build in builds):
            raise EngineFailure("one of two builds at the same time failed")
        return max(json.loads(output)["seconds"] for output in outputs)

    def build_command(self, corpus: pathlib.Path) -> list[str]:
        return [str(self.binary), "bench", "index", "--input", str(corpus),
                "--schema", str(self.schema), "--json"]

    def open(self) -> Size:
        if self.report["segments"] != 1:
            raise EngineFailure(f"swiftlet has {self.report['segments']} segments; expected one")
        self.documents = self.report["documents"]
        return Size(self.report["compared_bytes"],
                    {each["kind"]: each["bytes"] for each in self.report["sections"]
                     if not each["is_compared"]})

    def answers(self, run: Run, repeats: int) -> Answers:
        dump, resources = self.work / "swiftlet.out", self.work / "resources.json"
        run_command(pinned(self.core, [
            str(self.binary), "bench", "search", "--index", str(self.folder),
            "--queries", str(run.queries), "--modes", run.mode, "--limit", str(run.limit),
            "--repeat", str(repeats), "--count", run.count, "--json",
            "--dump", str(dump), "--resources", str(resources)]))
        if run.limit <= 10:
            used = json.loads(resources.read_text())
            if not self.resources or memory_made(used) > memory_made(self.resources):
                self.resources = used
        answers = Answers([], [], [])
        with open(dump, encoding="utf-8") as lines:
            for line in lines:
                answer = json.loads(line)
                answers.microseconds.append(answer["us"])
                answers.totals.append(answer["total"] if run.count == "exact" else -1)
                answers.scores.append([hit["score"] for hit in answer["hits"][:10]])
        return answers

    def close(self) -> None:
        """Nothing runs between two calls."""
