"""Products that protect the host, by the packages and daemons it has: profiles/products."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

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
    packages, processes = frozenset(packages), frozenset(processes)
    for product in products:
        installed = _any(product.packages, packages)
        running = _any((name[:_LONGEST_NAME] for name in product.processes), processes)
        if installed or running:
            found.append(Protector(product.product, product.does, installed, running, product.documented))
    return tuple(found)


def _any(patterns: Iterable[str], names: frozenset[str]) -> bool:
    return any(
        any(fnmatchcase(name.lower(), pattern) for name in names) if "*" in pattern else pattern in names
        for pattern in patterns
    )


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
