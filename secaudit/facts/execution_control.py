"""What keeps programs from running that are not known: IMA appraisal, fapolicyd, modules and agents of vendors."""

from collections.abc import Iterable
from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact
from secaudit.facts.protection import Protector
from secaudit.facts.trust import Trust
from secaudit.model.text import Text


@dataclass(frozen=True, slots=True)
class ExecutionControl:
    """``by`` is ``ima``, ``fapolicyd``, ``vendor`` (kysec, an agent), ``untold`` (its policy is not shown) or ``none``.

    ``enforced``: what is not known does not run. ``content``: known by signature or hash, not by name alone.
    """

    by: str
    enforced: bool
    content: bool


def control_of(protectors: Iterable[Protector], trust: Trust, module: str) -> ExecutionControl:
    """The strongest control that is here; ``module`` is that of mandatory access control."""
    running = {word for p in protectors if p.running for word in p.does}
    appraised = trust.appraises == "programs"
    if appraised and trust.enforced:
        return ExecutionControl("ima", True, True)
    if "allows" in running and trust.listed_only:
        return ExecutionControl("fapolicyd", True, trust.hashes)
    if "trusted" in running or module == "kysec":
        return ExecutionControl("vendor", False, False)
    if trust.appraises == "untold":
        return ExecutionControl("untold", False, False)
    if appraised or "allows" in running:
        return ExecutionControl("ima" if appraised else "fapolicyd", False, False)
    return ExecutionControl("none", False, False)


def build_execution_control(evidence: Evidence) -> ExecutionControl:
    """The control on the asset."""
    return control_of(
        evidence.fact("protections"), evidence.fact("trust"), evidence.fact("mandatory_access").module
    )


EXECUTION_CONTROL = Fact(
    "execution_control",
    Text("程序执行控制", "Control of what programs run"),
    ExecutionControl,
    build_execution_control,
    uses=("protections", "trust", "mandatory_access"),
)
