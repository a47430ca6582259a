"""Loads a script without an extension as a module."""

import importlib.machinery
import importlib.util
import pathlib
import types

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent


def load_script(name: str) -> types.ModuleType:
    loader = importlib.machinery.SourceFileLoader(name.replace("-", "_"), str(SCRIPTS / name))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module
