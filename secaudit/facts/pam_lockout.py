"""What follows wrong passwords at each service, as its PAM stack really runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from secaudit.facts.accounts_probe import PASSWD
from secaudit.facts.busybox_accounts import ASKED, kept_by_busybox
from secaudit.facts.config_files import number
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.groups import GROUP
from secaudit.facts.pam import PamConfiguration, read_pam, settings_of
from secaudit.facts.pam_conditions import People, condition, people
from secaudit.facts.pam_services import entrances
from secaudit.facts.pam_stack import Module, Stack, modules, walk
from secaudit.facts.pam_walk import LOCK_MODULES, case
from secaudit.facts.passwd_file import Identity
from secaudit.model.evidence import GapReason
from secaudit.model.text import Text

FAILLOCK_FILES = ("/usr/etc/security/faillock.conf", "/etc/security/faillock.conf")


@dataclass(frozen=True, slots=True)
class Lockout:
    """What follows wrong passwords at a service.

    ``active``: wrong passwords are counted, and a locked account is refused. ``module`` is the one that does it, or is
    there without effect, or "none". ``deny`` is the number of failures that lock, ``unlock_time_s`` how long; 0
    means until an administrator unlocks it; ``root_unlock_time_s`` the same for root. ``root_included``: root is
    locked as well. Failures count together within ``fail_interval_s``; 0 means without end. ``exempt`` are people
    whom a condition in the stack (pam_succeed_if) leads past the counting or past the refusal.
    """

    service: str
    module: str
    active: bool
    deny: int
    unlock_time_s: int
    root_included: bool
    root_unlock_time_s: int
    fail_interval_s: int
    exempt: tuple[str, ...]


def lockouts(configuration: PamConfiguration, known: People) -> tuple[Lockout, ...]:
    """What follows wrong passwords, for each service people enter by."""
    defaults = settings_of(configuration, *FAILLOCK_FILES)
    return tuple(_lockout(name, stack, defaults, known) for name, stack in entrances(configuration).items())


def _lockout(name: str, stack: Stack, defaults: Mapping[str, str], known: People) -> Lockout:
    there = [module for module in modules(stack) if module.name in LOCK_MODULES]
    if not there:
        return Lockout(name, "none", False, 0, 0, False, 0, 0, ())
    for module in there:
        if module.argument("conf") not in (None, *FAILLOCK_FILES):
            raise GapFound(
                GapReason.NOT_COLLECTED, f"PAM {name}: {module.name} reads {module.argument('conf')}"
            )
    counted = [m for m in walk(stack, case("wrong")).ran if _counts(m)]
    acting = counted[0] if counted else there[0]
    enforcer = _enforcer(there, acting)
    values = _values(enforcer, defaults if acting.name == "pam_faillock" else {})
    deny = number(values.get("deny") or ("3" if acting.name == "pam_faillock" else "0"), "deny")
    exempt = _exempt(stack, known)
    return Lockout(
        service=name,
        module=acting.name,
        # A count in another folder (dir=) is a count that nobody looks at.
        active=_locks(stack, case) and deny > 0 and acting.argument("dir") == enforcer.argument("dir"),
        deny=deny,
        unlock_time_s=_unlock_time(values.get("unlock_time"), acting.name),
        root_included=any(key in values for key in ("even_deny_root", "root_unlock_time"))
        and "root" not in exempt,
        root_unlock_time_s=_unlock_time(
            values.get("root_unlock_time", values.get("unlock_time")), acting.name
        ),
        fail_interval_s=_interval(values) if acting.name == "pam_faillock" else 0,
        exempt=tuple(name for name in exempt if name != "root"),
    )


def _locks(stack: Stack, answers: Callable[..., Callable[[Module], str]]) -> bool:
    """Whether wrong passwords are counted, and the right one is refused once the account is locked."""
    counted = any(_counts(module) for module in walk(stack, answers("wrong")).ran)
    locked = walk(stack, answers("right", locked=True)).passed
    return counted and not locked and walk(stack, answers("right")).passed


def _exempt(stack: Stack, known: People) -> tuple[str, ...]:
    """Who gets in with the right password and is not locked; for those on whom conditions answer alike, asked once."""
    conditions = [module for module in modules(stack) if module.name == "pam_succeed_if"]
    asked: dict[tuple[str, ...], bool] = {}
    found = []
    for who in known.who if conditions else ():
        met = {id(module): _met(module, who, known) for module in conditions}
        key = tuple(met.values())
        if key not in asked:
            asked[key] = _gets_round(stack, met)
        if asked[key]:
            found.append(who.name)
    return tuple(found)


def _met(module: Module, who: Identity, known: People) -> str:
    """What the condition says of one person; "" where it hangs on something else."""
    answers = condition(module.arguments, People((who,), known.groups))
    return answers[0] if answers else ""


def _gets_round(stack: Stack, met: Mapping[int, str]) -> bool:
    def answers(password: str, *, locked: bool = False) -> Callable[[Module], str]:
        usual = case(password, locked=locked)
        return lambda module: met.get(id(module)) or usual(module)

    return walk(stack, answers("right")).passed and not _locks(stack, answers)


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


def build_lockout(evidence: Evidence) -> tuple[Lockout, ...]:
    """What follows wrong passwords.

    Where faillock.conf is absent, the values of faillock.conf(5) hold: deny 3, unlock_time 600, root exempt.
    login(1) of busybox locks nobody.
    """
    if kept_by_busybox(evidence):
        return (Lockout("login", "none", False, 0, 0, False, 0, 0, ()),)
    return lockouts(read_pam(evidence), people(evidence.fact("identities"), evidence.fact("groups")))


LOCKOUT = Fact(
    "lockout",
    Text("登录失败处理", "Lockout"),
    tuple[Lockout, ...],
    build_lockout,
    (*ASKED, PASSWD, GROUP),
    uses=("identities", "groups", "os"),
)
