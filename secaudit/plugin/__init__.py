"""What a plug-in may import: these names, and those of ``secaudit.plugin.transport``, keep their meaning
within one API version. Everything else may change with any release. docs/plugins.md shows a whole plug-in.

Each declaration says for which API version it was written; one for another version is not used and shown as broken.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from secaudit.facts.fact import Evidence, Fact, GapFound, decoded
from secaudit.model.evidence import Gap, GapReason, Observation, Probe
from secaudit.model.register import Asset, System
from secaudit.model.text import Language, Text

if TYPE_CHECKING:  # its library of SSH costs 0.2 s: only where something is visited
    from secaudit.transport import Secrets, Transport

__all__ = [
    "API",
    "Asset",
    "Evidence",
    "Fact",
    "FactPlugin",
    "FormatPlugin",
    "Gap",
    "GapFound",
    "GapReason",
    "Language",
    "Observation",
    "Probe",
    "System",
    "Text",
    "TransportPlugin",
    "decoded",
]

API: Final = 1


@dataclass(frozen=True, slots=True)
class FactPlugin:
    """What an entry point of ``secaudit.facts`` names; the entry point has the name of the fact.

    The ids of its probes begin with that name and a dot.
    """

    api: int
    fact: Fact


@dataclass(frozen=True, slots=True)
class TransportPlugin:
    """What an entry point of ``secaudit.transports`` names; its name is the word for ``transport:``.

    ``open`` gets the asset, the folder of the workspace and the credentials that assets refer to.
    """

    api: int
    open: "Callable[[Asset, Path, Secrets], Transport]"


@dataclass(frozen=True, slots=True)
class FormatPlugin:
    """What an entry point of ``secaudit.formats`` names; its name is that of the format and the files' ending.

    ``write`` turns the view (``reports/self-assessment/view.schema.json``) into the content of a file.
    """

    api: int
    write: Callable[[dict[str, Any], Language], bytes]
