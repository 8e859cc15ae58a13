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


# Modules that look a password up elsewhere; the person of the case is a local one.
_ELSEWHERE = frozenset(
    {"pam_sss", "pam_ldap", "pam_winbind", "pam_krb5", "pam_nis", "pam_mysql", "pam_pgsql", "pam_deny"}
)


def case(
    password: str, *, locked: bool = False, second_factor: bool = True, strangers_agree: bool = True
) -> Callable[[Module], str]:
    """The answers for a local person (not root) who gives a ``right``, ``wrong`` or ``empty`` password.

    ``empty`` is an account without a password. A module that is not known decides nothing: it agrees where its
    refusal would end the matter, and refuses where its agreement would. Without ``strangers_agree`` it refuses
    always: the question then is whether somebody is let in unasked.
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
        if name in _WAVE_THROUGH:
            return SUCCESS
        return SUCCESS if strangers_agree and name not in _ELSEWHERE and _objects(module) else AUTH_ERR

    return answer


def _objects(module: Module) -> bool:
    return module.actions.get("default", "bad") in ("bad", "die")


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
