"""What preflight finds wrong before a scan, and what mends it: the types."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """How much a finding matters to the scan: nothing at all comes of it, a part is lacking, worth knowing."""

    BLOCKS = "blocks"
    LACKS = "lacks"
    NOTE = "note"


class Topic(StrEnum):
    """What a finding is about: first the workspace's own, then an asset's in the order of a visit."""

    AUTHORISATION = "authorisation"
    CREDENTIAL = "credential"
    DATABASE = "database"
    DISK = "disk"
    FOLDER = "folder"
    NMAP = "nmap"
    OWN_CLOCK = "own_clock"
    REACH = "reach"
    HOST_KEY = "host_key"
    LOGIN = "login"
    SHELL = "shell"
    LINK = "link"
    SUDO = "sudo"
    PROGRAMS = "programs"
    FILES = "files"
    CLOCK = "clock"


class Where(StrEnum):
    """Where a fix is made: a command here, one on the asset as root, or what a person does."""

    HERE = "here"
    ASSET_ROOT = "asset_root"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Fix:
    """One way to mend it; ``text`` is a command to copy, or for a person a sentence."""

    where: Where
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be. ``problem`` may hold hostile text of a target.

    ``checks`` are those that stay UNKNOWN because of it.
    """

    weight: Weight
    topic: Topic
    problem: str
    fixes: tuple[Fix, ...] = ()
    checks: tuple[str, ...] = ()


def here(command: str) -> Fix:
    """A command for this machine."""
    return Fix(Where.HERE, command)


def as_root(command: str) -> Fix:
    """A command for root on the asset."""
    return Fix(Where.ASSET_ROOT, command)


def person(sentence: str) -> Fix:
    """What somebody has to find out or decide."""
    return Fix(Where.PERSON, sentence)


def gravest(findings: Iterable[Finding]) -> Weight | None:
    """The gravest weight among findings, None where there are none."""
    weights = {finding.weight for finding in findings}
    return next((weight for weight in Weight if weight in weights), None)
