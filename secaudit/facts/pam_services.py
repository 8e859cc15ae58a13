"""What a login at each service takes, and what follows wrong passwords, as its PAM stack really runs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from secaudit.facts.accounts import PASSWD
from secaudit.facts.config_files import number
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.groups import GROUP
from secaudit.facts.pam import PAM_FILES, PamConfiguration, read_pam, settings_of
from secaudit.facts.pam_conditions import People, people
from secaudit.facts.pam_stack import Module, Stack, modules, stack_of, walk
from secaudit.facts.pam_walk import (
    DECIDE_ELSEWHERE,
    LOCK_MODULES,
    SECOND_FACTORS,
    case,
    may_pass,
    unsettled_modules,
)
from secaudit.model.evidence import GapReason
from secaudit.model.text import Text

FAILLOCK_FILES = ("/usr/etc/security/faillock.conf", "/etc/security/faillock.conf")
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


@dataclass(frozen=True, slots=True)
class Lockout:
    """What follows wrong passwords at a service.

    ``active``: wrong passwords are counted, and a locked account is refused. ``module`` is the one that does it, or is
    there without effect, or "none". ``deny`` is the number of failures that lock, ``unlock_time_s`` how long; 0
    means until an administrator unlocks it; ``root_unlock_time_s`` the same for root. ``root_included``: root is
    locked as well. Failures count together within ``fail_interval_s``; 0 means without end.
    """

    service: str
    module: str
    active: bool
    deny: int
    unlock_time_s: int
    root_included: bool
    root_unlock_time_s: int
    fail_interval_s: int


def _entrances(configuration: PamConfiguration) -> dict[str, Stack]:
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
    stacks = _entrances(configuration)
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


def lockouts(configuration: PamConfiguration) -> tuple[Lockout, ...]:
    """What follows wrong passwords, for each service people enter by."""
    defaults = settings_of(configuration, *FAILLOCK_FILES)
    return tuple(_lockout(name, stack, defaults) for name, stack in _entrances(configuration).items())


def _lockout(name: str, stack: Stack, defaults: Mapping[str, str]) -> Lockout:
    there = [module for module in modules(stack) if module.name in LOCK_MODULES]
    if not there:
        return Lockout(name, "none", False, 0, 0, False, 0, 0)
    counted = [m for m in walk(stack, case("wrong")).ran if _counts(m)]
    refused = not walk(stack, case("right", locked=True)).passed and walk(stack, case("right")).passed
    acting = counted[0] if counted else there[0]
    for module in there:
        if module.argument("conf") not in (None, *FAILLOCK_FILES):
            raise GapFound(
                GapReason.NOT_COLLECTED, f"PAM {name}: {module.name} reads {module.argument('conf')}"
            )
    values = _values(_enforcer(there, acting), defaults if acting.name == "pam_faillock" else {})
    deny = number(values.get("deny") or ("3" if acting.name == "pam_faillock" else "0"), "deny")
    return Lockout(
        service=name,
        module=acting.name,
        active=bool(counted) and refused and deny > 0,
        deny=deny,
        unlock_time_s=_unlock_time(values.get("unlock_time"), acting.name),
        root_included=any(key in values for key in ("even_deny_root", "root_unlock_time")),
        root_unlock_time_s=_unlock_time(
            values.get("root_unlock_time", values.get("unlock_time")), acting.name
        ),
        fail_interval_s=_interval(values) if acting.name == "pam_faillock" else 0,
    )


def _counts(module: Module) -> bool:
    """pam_faillock counts where it is called with authfail, pam_tally and pam_tally2 wherever they are called."""
    return module.name in LOCK_MODULES and (module.name != "pam_faillock" or "authfail" in module.arguments)


def _enforcer(there: list[Module], acting: Module) -> Module:
    """The line that compares the count with ``deny``: preauth, else authsucc, else the counting line itself."""
    for word in ("preauth", "authsucc"):
        for module in there:
            if module.name == acting.name and word in module.arguments:
                return module
    return acting


def _values(module: Module, defaults: Mapping[str, str]) -> dict[str, str]:
    """faillock.conf(5), then the arguments of the module, which win."""
    arguments = (argument.partition("=") for argument in module.arguments)
    return {**defaults, **{key: value for key, _, value in arguments}}


def _unlock_time(text: str | None, module: str) -> int:
    """``900`` → 900, ``never`` → 0; pam_faillock's own value is 600, pam_tally2's: until it is reset."""
    if text is None:
        return 600 if module == "pam_faillock" else 0
    return 0 if text == "never" else number(text, "unlock_time")


def _interval(values: Mapping[str, str]) -> int:
    """faillock.conf(5): 900 seconds unless told otherwise."""
    return number(values.get("fail_interval", "900"), "fail_interval")


def build_login_services(evidence: Evidence) -> tuple[LoginService, ...]:
    """The services people enter by."""
    return login_services(read_pam(evidence), people(evidence.fact("identities"), evidence.fact("groups")))


def build_lockout(evidence: Evidence) -> tuple[Lockout, ...]:
    """What follows wrong passwords.

    Where faillock.conf is absent, the values of faillock.conf(5) hold: deny 3, unlock_time 600, root exempt.
    """
    return lockouts(read_pam(evidence))


LOGIN_SERVICES = Fact(
    "login_services",
    Text("登录入口的鉴别方式", "Authentication at the entrances"),
    tuple[LoginService, ...],
    build_login_services,
    (PAM_FILES, PASSWD, GROUP),
    uses=("identities", "groups"),
)
LOCKOUT = Fact("lockout", Text("登录失败处理", "Lockout"), tuple[Lockout, ...], build_lockout, (PAM_FILES,))
