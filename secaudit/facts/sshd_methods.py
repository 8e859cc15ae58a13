"""The ways of logging in by ssh, and which of them go together: AuthenticationMethods of sshd_config(5)."""

from collections.abc import Sequence

from secaudit.facts.sshd_answers import Settings


def takes_passwords(seen: Settings) -> bool:
    """Whether some way takes a password. Without PAM there is nothing behind keyboard-interactive on Linux."""
    asks = seen.yes("kbdinteractiveauthentication", "challengeresponseauthentication")
    return seen.yes("passwordauthentication") or (asks and uses_pam(seen))


def uses_pam(seen: Settings) -> bool:
    """An sshd that was built without PAM does not know the word."""
    return bool(seen.all("usepam")) and seen.yes("usepam")


def password_suffices(methods: Sequence[str]) -> bool:
    """Some choice of AuthenticationMethods asks for no key."""
    return not methods or any(method_kinds(method) == {"password"} for method in methods)


def method_kinds(methods: str) -> set[str]:
    """``publickey,keyboard-interactive:pam`` → {"key", "password"}; hostbased vouches for a machine."""
    kinds = {"publickey": "key", "password": "password", "keyboard-interactive": "password"}
    return {kinds[word] for method in methods.split(",") if (word := method.partition(":")[0]) in kinds}


def always_password(seen: Settings, methods: Sequence[str]) -> bool:
    if methods:
        return all("password" in method_kinds(method) for method in methods)
    others = (
        "pubkeyauthentication",
        "hostbasedauthentication",
        "gssapiauthentication",
        "kerberosauthentication",
    )
    return not any(seen.all(key) and seen.yes(key) for key in others)


def excludes_passwords(methods: Sequence[str]) -> bool:
    """Every choice of AuthenticationMethods goes without a password."""
    return bool(methods) and not any("password" in m or "keyboard-interactive" in m for m in methods)
