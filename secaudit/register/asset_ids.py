"""Ids for assets that come without one."""

import re


def id_from(*names: str) -> str:
    """The first name that can be written as an id: ``Web01.example`` → ``web01-example``; "" when none can.

    A name with other than ASCII letters is passed over: two of them could become the same id.
    """
    for name in names:
        if name.isascii() and (made := re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")):
            return made[:63].rstrip("-")
    return ""
