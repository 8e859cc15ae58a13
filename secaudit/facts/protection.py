"""Products that protect the host, by the packages and daemons it has: profiles/products."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from secaudit.facts.fact import Evidence, Fact
from secaudit.model.content import Protection
from secaudit.model.text import Text

# The kernel cuts names of processes: TASK_COMM_LEN of <linux/sched.h>, less its NUL.
_LONGEST_NAME = 15


@dataclass(frozen=True, slots=True)
class Protector:
    """A product that is here; ``does`` as in the table. ``documented`` false: only its name speaks for it."""

    product: str
    does: tuple[str, ...]
    installed: bool
    running: bool
    documented: bool


def protectors_of(
    products: Iterable[Protection], packages: Iterable[str], processes: Iterable[str]
) -> tuple[Protector, ...]:
    """The products that are installed or run."""
    found = []
    there, here = _Names(packages), _Names(processes)
    for product in products:
        installed = there.have(product.packages)
        running = here.have(name[:_LONGEST_NAME] for name in product.processes)
        if installed or running:
            found.append(Protector(product.product, product.does, installed, running, product.documented))
    return tuple(found)


class _Names:
    """Names that patterns are looked for in: a name as it stands, ``clam*`` in any case, at once in all of them."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)
        self._lines = "\n".join(["", *(name.lower().replace("\n", "\0") for name in self._names), ""])

    def have(self, patterns: Iterable[str]) -> bool:
        """Whether any of the patterns fits any of the names."""
        return any(
            _line(pattern).search(self._lines) if "*" in pattern else pattern in self._names
            for pattern in patterns
        )


@cache
def _line(pattern: str) -> re.Pattern[str]:
    """``clam*`` → a line that begins so."""
    return re.compile("\n" + "[^\n]*".join(map(re.escape, pattern.split("*"))) + "\n")


def build_protections(evidence: Evidence) -> tuple[Protector, ...]:
    """The products on the asset: of all packages, and of what runs under root and system accounts."""
    return protectors_of(
        evidence.references.protections, evidence.fact("package_names"), evidence.fact("processes").names
    )


PROTECTIONS = Fact(
    "protections",
    Text("主机防护产品", "Products that protect the host"),
    tuple[Protector, ...],
    build_protections,
    uses=("package_names", "processes"),
)
