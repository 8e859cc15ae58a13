"""A site of a web server as its settings describe it, before its defaults and the host's library are looked at."""

from dataclasses import dataclass


@dataclass(slots=True)
class Site:
    """``protocols`` are those of the site itself, None where it says nothing; ``lowered``: to security level 0.

    ``speaks``: it is told to speak TLS. ``within``: the outer block whose protocols it has when it says nothing.
    """

    server: str
    file: str
    within: str = ""
    protocols: tuple[str, ...] | None = None
    speaks: bool = False
    lowered: bool = False
