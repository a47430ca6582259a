"""The scripts that make documents and queries: parsing, order, fallbacks, determinism."""

import contextlib
import io
import json
import pathlib
import random
import sys
import tempfile
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from loading import load_script  # noqa: E402

descriptions = load_script("debian-descriptions")
make_queries = load_script("make-queries")

PACKAGES = b"""Package: zlib
Description: short one
Description-md5: 11
Section: libs
Tag: a::b,
 c::d
Pre-Depends: dpkg (>= 1.15)
Depends: libc6:any (>= 2), a | b, dpkg
Maintainer: J\xc3\xb6rg <j@a.b>

Package: abc
Description: status form
 Folded
 line.
 .
   * kept
   * apart
 .
 End.

Package: no-description
Section: x

Package: zlib
Description: another architecture

Package: broken
Description: bad byte \xff here
"""
TRANSLATED = b"""Package: zlib
Description-md5: 11
Description-en: long one
 All of it.
"""


def script(module, *arguments: object) -> tuple[int, str]:
    """Runs a script's main; its exit status and all that it printed."""
    said = io.StringIO()
    with mock.patch.object(sys, "argv", [module.__name__, *map(str, arguments)]), \
            contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        return module.main(), said.getvalue()


class TemporaryFolderCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.out = self.folder / "out"


class DescriptionTests(TemporaryFolderCase):
    def parsed(self) -> dict[str, dict[str, str]]:
        found = list(descriptions.documents(PACKAGES, TRANSLATED))
        return {each["id"]: each for each in reversed(found)}

    def test_a_package_becomes_a_document_of_strings(self):
        self.assertEqual(self.parsed()["zlib"], {
            "id": "zlib", "name": "zlib", "summary": "long one", "description": "All of it.",
            "section": "libs", "tags": "a::b, c::d", "maintainer": "J\u00f6rg <j@a.b>",
            "depends": "dpkg, libc6, a, b"})

    def test_folded_lines_are_joined_and_lists_are_kept(self):
        self.assertEqual(self.parsed()["abc"]["description"], "Folded line.\n* kept\n* apart\nEnd.")

    def test_packages_without_a_description_are_left_out(self):
        self.assertEqual(set(self.parsed()), {"zlib", "abc", "broken"})

    def test_lines_are_valid_ordered_and_unique(self):
        count = descriptions.write(self.out, descriptions.documents(PACKAGES, TRANSLATED), None)
        lines = self.out.read_bytes().decode("utf-8").splitlines()
        self.assertEqual(count, 3)
        self.assertEqual([json.loads(line)["id"] for line in lines], ["abc", "broken", "zlib"])
        self.assertEqual(json.loads(lines[2])["summary"], "long one")
        self.assertEqual(descriptions.write(self.out, descriptions.documents(PACKAGES), 1), 1)

    def test_the_next_source_is_used_when_one_fails_and_the_result_names_it(self):
        def fails():
            raise descriptions.Unusable("no network")
        sources = {
            "apt": ("the first", fails),
            "dpkg": ("the second", lambda: list(descriptions.documents(PACKAGES)))}
        with mock.patch.object(descriptions, "SOURCES", sources):
            status, said = script(descriptions, self.out)
            self.assertEqual(status, 0)
            self.assertIn("not from the first: no network", said)
            self.assertIn("3 documents from the second", said)
            self.assertEqual(script(descriptions, self.out.with_name("b"), "--source", "apt")[0], 1)

    def test_a_second_run_keeps_the_file_unless_asked_otherwise(self):
        calls = []

        def read():
            calls.append(1)
            return list(descriptions.documents(PACKAGES))
        with mock.patch.object(descriptions, "SOURCES", {"dpkg": ("a source", read)}):
            for extra, expected in (([], 1), ([], 1), (["--limit", 2], 2), (["--limit", 2], 2),
                                    (["--limit", 2, "--refresh"], 3), ([], 4)):
                self.assertEqual(script(descriptions, self.out, *extra)[0], 0)
                self.assertEqual(len(calls), expected, extra)

    def test_the_source_for_other_systems_gives_documents(self):
        found = descriptions.python_library()
        self.assertGreater(len(found), 1000)
        self.assertIn("json.dumps", {each["id"] for each in found})
        self.assertEqual({len(each) for each in found}, {8})


class QueryTests(TemporaryFolderCase):
    def setUp(self):
        super().setUp()
        chance = random.Random(5)
        words = ["".join(chance.choices("abcdefgh", k=5)) for _ in range(200)]
        self.texts = {
            str(number): [" ".join(chance.sample(words, 12)) + ", and or not."]
            for number in range(50)}
        self.documents = self.folder / "documents"
        self.documents.write_text("".join(
            json.dumps({"id": key, "summary": text[0]}) + "\n" for key, text in self.texts.items()))

    def made(self, count: int, seed: int) -> list[tuple[str, str]]:
        status, _ = script(
            make_queries, self.documents, self.out, "--count", count, "--seed", seed)
        self.assertEqual(status, 0)
        return [tuple(line.split("\t")) for line in self.out.read_text().splitlines()]

    def test_the_same_seed_gives_the_same_queries_and_another_one_others(self):
        first = self.made(300, 1)
        self.assertEqual(first, self.made(300, 1))
        self.assertNotEqual(first, self.made(300, 2))
        self.assertEqual(len({key for key, _ in first}), 300)

    def test_every_query_is_well_formed_and_has_a_hit(self):
        kinds = {"and": 0, "phrase": 0, "words": 0}
        for _, query in self.made(600, 3):
            self.assertRegex(query, r'^("[a-z]+( [a-z]+)+"( [a-z]+)?|[a-z]+( AND [a-z]+){1,2}'
                                    r'|[a-z]+( [a-z]+){1,3})$')
            phrase = query.split('"')[1] if '"' in query else ""
            words = query.replace('"', "").replace(" AND ", " ").split()
            texts = [text for (text,) in self.texts.values()
                     if phrase in text and all(word in text for word in words)]
            self.assertTrue(texts, query)
            kinds["phrase" if phrase else "and" if "AND" in query else "words"] += 1
        self.assertTrue(all(kinds.values()), kinds)

    def test_documents_without_words_are_an_error_and_not_an_endless_loop(self):
        for text in ("", '{"id": "a", "summary": "1 2 3"}\n'):
            self.documents.write_text(text)
            status, said = script(make_queries, self.documents, self.out)
            self.assertEqual(status, 1)
            self.assertIn(str(self.documents), said)


if __name__ == "__main__":
    unittest.main()
