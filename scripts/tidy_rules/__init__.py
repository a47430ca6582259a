"""The rules of scripts/tidy. A rule has a name, a docstring and check(repository) -> findings,
each finding a tuple (path, line, rule name, message)."""

from .code import BannedCalls, BannedImports, FileLength, FunctionLength, UnsafeHomes
from .repository import Repository
from .text import DeadLinks, LeftoverMarkers, MachinePaths, RegistryHosts

ALL_RULES = [
    FileLength(),
    FunctionLength(),
    UnsafeHomes(),
    BannedCalls(),
    BannedImports(),
    DeadLinks(),
    LeftoverMarkers(),
    MachinePaths(),
    RegistryHosts(),
]
