"""Importing what the statistics stand on in half the processor time, for a command that lives half a second.

Belongs here: what may be left out of an import. Does not belong here: imports of long-lived programs.
"""

from __future__ import annotations

import os


def import_lightly() -> None:
    """Import numpy without threads for linear algebra, and scipy.special without numpy.f2py.

    Starting threads takes longer than all products of a survey together. scipy takes every public name of numpy, and
    numpy imports f2py, which compiles Fortran, when its name is taken. Where numpy is there already nothing changes.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    import numpy

    names = vars(numpy)
    if "f2py" in names:
        return
    names["f2py"] = None
    try:
        import scipy.special  # noqa: F401 - imported for those that ask later
    finally:
        del names["f2py"]
