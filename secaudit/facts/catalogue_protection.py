"""The facts about malicious code, intrusion, trust and integrity."""

from secaudit.facts.execution_control import EXECUTION_CONTROL
from secaudit.facts.fact import Fact
from secaudit.facts.malware_protection import MALWARE_PROTECTION
from secaudit.facts.protection import PROTECTIONS
from secaudit.facts.trust import TRUST_FACT

PROTECTION: tuple[Fact, ...] = (PROTECTIONS, MALWARE_PROTECTION, TRUST_FACT, EXECUTION_CONTROL)
