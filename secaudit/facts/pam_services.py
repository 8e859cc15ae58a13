"""What a login at each service takes, as its PAM stack really runs."""

from collections.abc import Iterable
from dataclasses import dataclass

from secaudit.facts.accounts_probe import PASSWD
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.groups import GROUP
from secaudit.facts.pam import PAM_FILES, PamConfiguration, read_pam
from secaudit.facts.pam_conditions import People, people
from secaudit.facts.pam_stack import Stack, modules, stack_of, walk
from secaudit.facts.pam_walk import (
    DECIDE_ELSEWHERE,
    SECOND_FACTORS,
    case,
    may_pass,
    unsettled_modules,
)
from secaudit.model.evidence import GapReason
from secaudit.model.text import Text

# The services by which a person enters a host; su and sudo only change who one is.
ENTRANCES = ("login", "sshd", "remote", "gdm-password", "lightdm", "sddm", "kdm", "xdm", "cockpit", "vsftpd")


@dataclass(frozen=True, slots=True)
class LoginService:
    """A PAM service that people enter by.

    ``admits_wrong_password``, ``admits_empty_password``: the stack lets such a login through.
    ``second_factor`` names the module that asks for more than a password ("none"); ``second_factor_required``:
    without it even the right password is refused, and with it a wrong password. ``second_factor_undecided``: that
    hangs on something outside the stack (a module or a condition that is not known, a server, a card).
    """

    service: str
    admits_wrong_password: bool
    admits_empty_password: bool
    second_factor: str
    second_factor_required: bool
    second_factor_undecided: bool


def entrances(configuration: PamConfiguration) -> dict[str, Stack]:
    """The auth stacks of the services that are here; raises GapFound when there is none."""
    found = {
        name: stack_of(configuration.services, name, "auth")
        for name in ENTRANCES
        if name in configuration.services
    }
    if not found:
        raise GapFound(GapReason.NOT_SUPPORTED, f"none of {', '.join(ENTRANCES)} in /etc/pam.d")
    return found


def login_services(configuration: PamConfiguration, known: People) -> tuple[LoginService, ...]:
    """The services people enter by; raises GapFound when a module that is not known may let somebody in unasked."""
    stacks = entrances(configuration)
    admits = {name: may_pass(stack, "wrong", known, second_factor=False) for name, stack in stacks.items()}
    doubtful = [name for name, answer in admits.items() if answer == "perhaps"]
    if doubtful and "yes" not in admits.values():
        why = ", ".join(unsettled_modules(stacks[doubtful[0]], known))
        raise GapFound(
            GapReason.NOT_SUPPORTED, f"PAM {doubtful[0]}: not known whom it lets in unasked: {why[:80]}"
        )
    return tuple(_login_service(name, stack, admits[name] == "yes", known) for name, stack in stacks.items())


def _login_service(name: str, stack: Stack, admits: bool, known: People) -> LoginService:
    factors = [module.name for module in modules(stack) if module.name in SECOND_FACTORS]
    used = bool(factors) and walk(stack, case("right", second_factor=True)).passed
    without = _together(
        may_pass(stack, "right", known, second_factor=False, central=central) for central in (False, True)
    )
    alone = may_pass(stack, "wrong", known, second_factor=True)
    elsewhere = without == "no" and set(factors) <= DECIDE_ELSEWHERE
    return LoginService(
        service=name,
        admits_wrong_password=admits,
        admits_empty_password=walk(stack, case("empty", second_factor=False)).passed,
        second_factor=factors[0] if factors else "none",
        second_factor_required=used and (without, alone) == ("no", "no"),
        second_factor_undecided=used and (elsewhere or _together((without, alone)) == "perhaps"),
    )


def _together(answers: Iterable[str]) -> str:
    """The worst of several: ``yes`` before ``perhaps`` before ``no``."""
    return max(answers, key=("no", "perhaps", "yes").index)


def build_login_services(evidence: Evidence) -> tuple[LoginService, ...]:
    """The services people enter by."""
    return login_services(read_pam(evidence), people(evidence.fact("identities"), evidence.fact("groups")))


LOGIN_SERVICES = Fact(
    "login_services",
    Text("登录入口的鉴别方式", "Authentication at the entrances"),
    tuple[LoginService, ...],
    build_login_services,
    (PAM_FILES, PASSWD, GROUP),
    uses=("identities", "groups"),
)
