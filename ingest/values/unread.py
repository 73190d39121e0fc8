"""A printed value that cannot be read, with the message that says why.

Belongs here: the exception between the forms of a value and the function that reads it. Does not belong here: wording.
"""

from __future__ import annotations


class UnreadError(Exception):
    """``code`` is a row of the message catalogue, ``values`` fill its wording."""

    def __init__(self, code: str, **values: object) -> None:
        """Keep the code and the values."""
        self.code, self.values = code, values
        super().__init__(code)
