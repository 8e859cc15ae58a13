"""How the modules of PAM answer in the cases that are judged: a wrong password, an empty one, a locked account."""

from collections.abc import Callable

from secaudit.facts.pam_stack import AUTH_ERR, SUCCESS, Module

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
# Modules that never stand in the way of a user who may log in.
_WAVE_THROUGH = frozenset(
    {
        *(
            "pam_access",
            "pam_cap",
            "pam_echo",
            "pam_env",
            "pam_faildelay",
            "pam_group",
            "pam_issue",
            "pam_keyinit",
        ),
        *(
            "pam_lastlog",
            "pam_limits",
            "pam_localuser",
            "pam_loginuid",
            "pam_mail",
            "pam_mkhomedir",
            "pam_motd",
        ),
        *("pam_namespace", "pam_nologin", "pam_permit", "pam_securetty", "pam_selinux", "pam_shells"),
        *("pam_systemd", "pam_time", "pam_umask", "pam_usertype", "pam_warn", "pam_wheel", "pam_xauth"),
    }
)


def case(password: str, *, locked: bool = False, second_factor: bool = True) -> Callable[[Module], str]:
    """The answers for a local person (not root) who gives a ``right``, ``wrong`` or ``empty`` password.

    ``empty`` is an account without a password. A module that is not known refuses: it cannot make a stack look
    stricter by letting the right password through, nor weaker by accepting a wrong one.
    """

    def answer(module: Module) -> str:
        name = module.name
        if name in LOCK_MODULES:
            return _lock_answer(module, locked)
        if name in SECOND_FACTORS:
            return SUCCESS if second_factor else AUTH_ERR
        if name == "pam_unix":
            return _unix_answer(module, password)
        if name == "pam_succeed_if":
            return _condition(module.arguments)
        return SUCCESS if name in _WAVE_THROUGH else AUTH_ERR

    return answer


def _unix_answer(module: Module, password: str) -> str:
    accepts_empty = bool({"nullok", "nullok_secure"} & set(module.arguments))
    return SUCCESS if password == "right" or (password == "empty" and accepts_empty) else AUTH_ERR


def _lock_answer(module: Module, locked: bool) -> str:
    """pam_faillock(8): authfail always refuses, preauth and authsucc a locked account; pam_tally2 the same."""
    return AUTH_ERR if locked or "authfail" in module.arguments else SUCCESS


def _condition(arguments: tuple[str, ...]) -> str:
    """``uid >= 1000`` → success for a person; what a condition on anything else gives is taken as not met."""
    words = [word for word in arguments if not word.startswith(("quiet", "audit", "debug", "use_uid"))]
    match words:
        case ["uid", ">=" | ">" | "ge" | "gt", _] | ["uid" | "user", "!=" | "ne", "0" | "root"]:
            return SUCCESS
        case _:
            return AUTH_ERR
