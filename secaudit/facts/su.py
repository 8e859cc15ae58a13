"""Who may become another user with su(1), as its PAM stack really runs: pam_wheel(8), pam_succeed_if(8)."""

from collections.abc import Sequence
from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.pam import PAM_FILES, PamConfiguration, read_pam
from secaudit.facts.pam_conditions import BOTH, condition, people
from secaudit.facts.pam_stack import AUTH_ERR, IGNORE, SUCCESS, Module, Stack, modules, stack_of, walk
from secaudit.facts.pam_walk import possible_answers
from secaudit.facts.passwd_file import Identity
from secaudit.model.evidence import GapReason
from secaudit.model.text import Text

SERVICES = ("su", "su-l")
# The user that su is to become.
_ROOT = people([Identity("root", 0, 0, "/root", "/bin/bash", True, True)], ())


@dataclass(frozen=True, slots=True)
class SuService:
    """``su`` or ``su-l``: who becomes root by it.

    ``open_to_all``: somebody outside the group of administrators who knows root's password does.
    ``unasked``: somebody does without any password (pam_wheel ``trust``).
    """

    service: str
    open_to_all: bool
    unasked: bool


def su_services(configuration: PamConfiguration) -> tuple[SuService, ...]:
    """The services that are there; raises GapFound where a module that is not known decides."""
    return tuple(
        SuService(
            name,
            _passes(stack, name, member=False, knows=True),
            any(_passes(stack, name, member=member, knows=False) for member in (True, False)),
        )
        for name in SERVICES
        if name in configuration.services
        for stack in (stack_of(configuration.services, name, "auth"),)
    )


def _passes(stack: Stack, service: str, *, member: bool, knows: bool) -> bool:
    given = {id(module): _answer(module, member, knows) for module in modules(stack)}
    hopeful = walk(stack, lambda module: _one(given[id(module)], SUCCESS)).passed
    doubtful = walk(stack, lambda module: _one(given[id(module)], AUTH_ERR)).passed
    if hopeful != doubtful:
        names = sorted({module.name for module in modules(stack) if len(given[id(module)]) > 1})
        raise GapFound(
            GapReason.NOT_SUPPORTED, f"PAM {service}: not known whom it lets in: {', '.join(names)[:80]}"
        )
    return hopeful


def _one(answers: Sequence[str], where_open: str) -> str:
    return answers[0] if len(answers) == 1 else where_open


def _answer(module: Module, member: bool, knows: bool) -> Sequence[str]:
    """What a module says to a person who becomes root; several answers where that cannot be told."""
    match module.name:
        case "pam_rootok":
            return (AUTH_ERR,)
        case "pam_wheel":
            return (_wheel(module, member),)
        case "pam_localuser":
            return (SUCCESS,)
        case "pam_usertype":
            return (SUCCESS if "issystem" in module.arguments else AUTH_ERR,)
        case "pam_succeed_if":
            return _condition(module, member)
        case _:
            return possible_answers(module, "right" if knows else "wrong", _ROOT, True, False)[0]


def _wheel(module: Module, member: bool) -> str:
    """pam_wheel(8): ``deny`` turns the group round, ``trust`` spares it the password."""
    arguments = module.arguments
    chosen = member != ("deny" in arguments)
    if not chosen:
        return AUTH_ERR
    return SUCCESS if "trust" in arguments else IGNORE


def _condition(module: Module, member: bool) -> Sequence[str]:
    """With ``use_uid`` it means the person who runs su, and of that only the group is known here."""
    if "use_uid" not in module.arguments:
        return condition(module.arguments, _ROOT) or BOTH
    words = [word for word in module.arguments if not word.startswith(("quiet", "audit", "debug", "use_uid"))]
    match words:
        case ["user", "ingroup", _]:
            return (SUCCESS if member else AUTH_ERR,)
        case ["user", "notingroup", _]:
            return (AUTH_ERR if member else SUCCESS,)
        case _:
            return BOTH


def build_su_services(evidence: Evidence) -> tuple[SuService, ...]:
    """The services of su; empty where it asks no PAM."""
    return su_services(read_pam(evidence))


SU_SERVICES = Fact(
    "su_services",
    Text("su 的使用范围", "Who may use su"),
    tuple[SuService, ...],
    build_su_services,
    (PAM_FILES,),
)
