"""How the modules of PAM answer in the cases that are judged: a wrong password, an empty one, a locked account."""

from collections.abc import Callable
from itertools import product

from secaudit.facts.pam_conditions import BOTH, People, condition
from secaudit.facts.pam_stack import AUTH_ERR, IGNORE, SUCCESS, Module, Stack, modules, walk

LOCK_MODULES = ("pam_faillock", "pam_tally2", "pam_tally")
# Modules that ask for, or look at, something other than the password (one-time codes, tokens, certificates).
SECOND_FACTORS = (
    "pam_google_authenticator",
    "pam_oath",
    "pam_duo",
    "pam_yubico",
    "pam_u2f",
    "pam_pkcs11",
    "pam_p11",
    "pam_poldi",
    "pam_radius_auth",
    "pam_radius",
    "pam_securid",
    "pam_otpw",
    "pam_2fa",
    "pam_privacyidea",
    "pam_authy",
)
# Of these, modules behind which a server or a card may ask for two kinds by itself (PIN and token).
DECIDE_ELSEWHERE = frozenset(
    {
        *("pam_radius_auth", "pam_radius", "pam_securid", "pam_privacyidea", "pam_2fa"),
        *("pam_pkcs11", "pam_p11", "pam_poldi"),
    }
)
# With one of these a user who has enrolled nothing, or a server that is down, is no obstacle.
_NOT_NEEDED = frozenset({"nullok", "nouserok", "localifdown"})
# Modules that have no say in whether a password is right: each alone in a stack lets nobody in. sepermit.conf names
# the accounts of a kiosk only (pam_sepermit(8)).
_SILENT = frozenset(
    {
        *("pam_env", "pam_faildelay", "pam_group", "pam_issue", "pam_keyinit", "pam_mail", "pam_nologin"),
        *("pam_warn", "pam_sepermit", "pam_selinux_permit"),
    }
)
# Modules that never stand in the way of a user who may log in.
_WAVE_THROUGH = frozenset(
    {
        *("pam_access", "pam_cap", "pam_echo", "pam_lastlog", "pam_limits", "pam_localuser", "pam_loginuid"),
        *("pam_mkhomedir", "pam_motd", "pam_namespace", "pam_permit", "pam_securetty", "pam_selinux"),
        *("pam_shells", "pam_systemd", "pam_time", "pam_umask", "pam_usertype", "pam_wheel", "pam_xauth"),
    }
)


# Modules that look a password up elsewhere; the person of most cases is a local one.
_CENTRAL = frozenset({"pam_sss", "pam_ldap", "pam_winbind", "pam_krb5", "pam_nis", "pam_mysql", "pam_pgsql"})
# Modules that refuse whoever has neither password nor finger, and those that open a keyring for one who had.
_ASK = frozenset(
    {
        *("pam_deny", "pam_fprintd", "pam_biometric", "pam_systemd_home", "pam_gdm", "pam_gnome_keyring"),
        *("pam_kwallet", "pam_kwallet5", "pam_ecryptfs", "pam_mount", "pam_fscrypt", "pam_postgresok"),
    }
)
# Modules that let some people through and others not, which cannot be told from the stack.
_LISTS = frozenset({"pam_access", "pam_time", "pam_wheel"})
_MOST = 10


def case(password: str, *, locked: bool = False, second_factor: bool = True) -> Callable[[Module], str]:
    """The answers for a local person (not root) who gives a ``right``, ``wrong`` or ``empty`` password.

    ``empty`` is an account without a password. A module that is not known decides nothing: it agrees where its
    refusal would end the matter, and refuses where its agreement would.
    """

    def answer(module: Module) -> str:
        name = module.name
        if name in LOCK_MODULES:
            return _lock_answer(module, locked)
        if name in SECOND_FACTORS:
            return _factor_answer(module, second_factor)
        if name == "pam_unix":
            return _unix_answer(module, password)
        if name == "pam_succeed_if":
            return _condition(module.arguments)
        if name in _WAVE_THROUGH:
            return SUCCESS
        if name in _SILENT:
            return IGNORE
        return SUCCESS if name not in _CENTRAL | _ASK and _objects(module) else AUTH_ERR

    return answer


def may_pass(
    stack: Stack, password: str, known: People, *, second_factor: bool, central: bool = False
) -> str:
    """Whether somebody passes with a ``right`` or ``wrong`` password: ``yes``, ``no``, or ``perhaps``.

    ``perhaps`` hangs on modules that are not known and on conditions on the terminal or the far host.
    ``central``: the account is kept elsewhere (sssd, LDAP).
    """
    settled: dict[int, tuple[str, ...]] = {}
    unsettled: dict[int, tuple[str, ...]] = {}
    for module in modules(stack):
        answers, certain = possible_answers(module, password, known, second_factor, central)
        (settled if certain else unsettled)[id(module)] = answers
    if _passes(stack, {**settled, **dict.fromkeys(unsettled, (AUTH_ERR,))}):
        return "yes"
    return "perhaps" if _passes(stack, {**settled, **unsettled}) else "no"


def unsettled_modules(stack: Stack, known: People) -> tuple[str, ...]:
    """The names of the modules whose answer cannot be told."""
    return tuple(
        module.name
        for module in modules(stack)
        if not possible_answers(module, "wrong", known, False, False)[1]
    )


def _passes(stack: Stack, answers: dict[int, tuple[str, ...]]) -> bool:
    """Whether some combination of the answers passes; so many that they cannot be tried count as one that does."""
    open_ones = [key for key, values in answers.items() if len(values) > 1]
    if len(open_ones) > _MOST:
        return True
    fixed = {key: values[0] for key, values in answers.items()}
    return any(
        _walked(stack, {**fixed, **dict(zip(open_ones, chosen, strict=True))})
        for chosen in product(*(answers[key] for key in open_ones))
    )


def _walked(stack: Stack, given: dict[int, str]) -> bool:
    return walk(stack, lambda module: given[id(module)]).passed


def possible_answers(
    module: Module, password: str, known: People, second_factor: bool, central: bool
) -> tuple[tuple[str, ...], bool]:
    """What the module may answer, and whether people here really get each of it."""
    name = module.name
    if name in _CENTRAL:
        return (SUCCESS if central and password == "right" else AUTH_ERR,), True
    if name == "pam_unix":
        return (AUTH_ERR if central else _unix_answer(module, password),), True
    if name == "pam_succeed_if":
        found = condition(module.arguments, known)
        return (found, True) if found else (BOTH, False)
    if name in ("pam_localuser", "pam_usertype"):
        return BOTH, True
    known_ones = _WAVE_THROUGH | _ASK | _SILENT | {*LOCK_MODULES, *SECOND_FACTORS}
    if name in _LISTS or name not in known_ones:
        return BOTH, False
    return (case(password, second_factor=second_factor)(module),), True


def _factor_answer(module: Module, given: bool) -> str:
    """What a module for a second factor says to one who has it, or has enrolled none."""
    if given:
        return SUCCESS
    return IGNORE if _NOT_NEEDED & set(module.arguments) else AUTH_ERR


def _objects(module: Module) -> bool:
    return module.actions.get("default", "bad") in ("bad", "die")


def _unix_answer(module: Module, password: str) -> str:
    accepts_empty = bool({"nullok", "nullok_secure"} & set(module.arguments))
    return SUCCESS if password == "right" or (password == "empty" and accepts_empty) else AUTH_ERR


def _lock_answer(module: Module, locked: bool) -> str:
    """A locked account is refused; pam_faillock(8) authfail counts and is no obstacle: without pam_deny behind it, a
    wrong password gets in.
    """
    if locked:
        return AUTH_ERR
    return IGNORE if "authfail" in module.arguments else SUCCESS


def _condition(arguments: tuple[str, ...]) -> str:
    """``uid >= 1000`` → success for a person; what a condition on anything else gives is taken as not met."""
    words = [word for word in arguments if not word.startswith(("quiet", "audit", "debug", "use_uid"))]
    match words:
        case ["uid", ">=" | ">" | "ge" | "gt", _] | ["uid" | "user", "!=" | "ne", "0" | "root"]:
            return SUCCESS
        case _:
            return AUTH_ERR
