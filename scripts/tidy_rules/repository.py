"""The files that the rules look at, as text."""

import pathlib
import subprocess


class Repository:
    """Text files by their path from the top. `paths` also holds files that are not text."""

    def __init__(self, files: dict[str, str], paths: set[str] | None = None):
        self.files = files
        self.paths = set(files) | (paths or set())
        self.folders = {
            str(parent) for path in self.paths for parent in pathlib.PurePosixPath(path).parents
        }

    @staticmethod
    def read(root: pathlib.Path) -> "Repository":
        listing = subprocess.run(
            ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            check=True, stdout=subprocess.PIPE).stdout.decode()
        files, paths = {}, set()
        for path in filter(None, listing.split("\0")):
            full = root / path
            if not full.is_file():
                continue
            paths.add(path)
            try:
                files[path] = full.read_bytes().decode("utf-8")
            except UnicodeDecodeError:
                continue  # binary test data
        return Repository(files, paths)

    def swift(self) -> dict[str, str]:
        """Swift files that a person wrote."""
        return {
            path: text for path, text in self.files.items()
            if path.endswith(".swift") and not is_generated(path, text)
        }

    def scripts(self) -> dict[str, str]:
        """Python and shell files, with or without an extension."""
        return {
            path: text for path, text in self.files.items()
            if path.endswith((".py", ".sh")) or text.startswith("#!")
        }


def is_generated(path: str, text: str) -> bool:
    """Whether a program wrote the file: protobuf code, or a first line `// Generated …`."""
    first_line = text.partition("\n")[0].lower()
    return path.endswith(".pb.swift") or first_line.lstrip("/# ").startswith("generated")


def line_of(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1
