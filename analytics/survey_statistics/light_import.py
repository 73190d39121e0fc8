"""Importing what the statistics stand on in a third of the processor time, for a command that lives half a second.

Belongs here: what an import may put off. Does not belong here: imports of long-lived programs.
"""

from __future__ import annotations

import os
import sys
from importlib.util import LazyLoader, find_spec, module_from_spec
from types import ModuleType

# Parts of numpy that numpy itself imports when they are first named. scipy names all of them when it is imported, and
# uses none; with them come unittest, the random generators and a compiler of Fortran.
PUT_OFF = ("char", "core", "ctypeslib", "f2py", "polynomial", "random", "rec", "strings", "testing")


def import_lightly() -> None:
    """Import numpy without threads for linear algebra, and scipy.special without the parts of numpy it does not use.

    Starting threads takes longer than all products of a survey together. The parts are loaded when an attribute of
    theirs is first asked for (``importlib.util.LazyLoader``). What is imported already stays as it is.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    import numpy

    known = vars(numpy)
    for name in PUT_OFF:
        if name not in known and (part := _put_off(f"{numpy.__name__}.{name}")):
            known[name] = part
    import scipy.special  # noqa: F401 - imported for those that ask later


def _put_off(name: str) -> ModuleType | None:
    """A module that is loaded when it is first used; None where there is none of this name."""
    if name in sys.modules or (spec := find_spec(name)) is None or spec.loader is None:
        return sys.modules.get(name)
    spec.loader = LazyLoader(spec.loader)
    module = sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
