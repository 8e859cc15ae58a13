"""All built-in facts by name; a new fact is one module and one line here."""

from secaudit.facts.catalogue_access import ACCESS
from secaudit.facts.catalogue_identity import IDENTITY
from secaudit.facts.catalogue_operations import OPERATIONS
from secaudit.facts.catalogue_protection import PROTECTION
from secaudit.facts.fact import Fact
from secaudit.facts.os import OS

BUILT_IN: dict[str, Fact] = {fact.name: fact for fact in (OS, *OPERATIONS, *IDENTITY, *ACCESS, *PROTECTION)}
