"""All built-in facts by name; a new fact is one module and one line here."""

from secaudit.facts.catalogue_access import ACCESS
from secaudit.facts.catalogue_identity import IDENTITY
from secaudit.facts.catalogue_operations import OPERATIONS
from secaudit.facts.catalogue_protection import PROTECTION
from secaudit.facts.fact import Fact, with_uses
from secaudit.facts.os import OS

BUILT_IN: dict[str, Fact] = {fact.name: fact for fact in (OS, *OPERATIONS, *IDENTITY, *ACCESS, *PROTECTION)}

# Facts that rest on a heavy probe: a profile may leave out the checks that need them.
HEAVY: frozenset[str] = frozenset(
    name
    for name in BUILT_IN
    if any(probe.heavy for used in with_uses([name], BUILT_IN) for probe in BUILT_IN[used].probes)
)
