"""What pam_pwquality, pam_cracklib and pam_passwdqc ask of a new password."""

from collections.abc import Mapping

from secaudit.facts.config_files import number
from secaudit.facts.fact import GapFound
from secaudit.model.evidence import GapReason

CREDITS = ("dcredit", "ucredit", "lcredit", "ocredit")


def demand(module: str, values: Mapping[str, str]) -> tuple[int, int]:
    """Shortest password, classes needed.

    pwquality.conf(5): minlen 8 (never below 6), credits 0; pam_cracklib(8): minlen 9, credits 1. A credit above 0
    makes a password with that class shorter, one below 0 demands the class.
    """
    if module == "pam_passwdqc":
        return _passwdqc(values.get("min", "disabled,24,11,8,7"))
    default_length, default_credit = ("8", "0") if module == "pam_pwquality" else ("9", "1")
    allowances = [number(values.get(name, default_credit), name) for name in CREDITS]
    length = number(values.get("minlen", default_length), "minlen") - sum(
        credit for credit in allowances if credit > 0
    )
    classes = max(number(values.get("minclass", "0"), "minclass"), sum(credit < 0 for credit in allowances))
    demanded = sum(-credit for credit in allowances if credit < 0)
    return max(length, demanded, 6 if module == "pam_pwquality" else 1), classes


def _passwdqc(text: str) -> tuple[int, int]:
    """``disabled,24,11,8,7`` → (7, 2): lengths for one class, two, a passphrase, three, four (pam_passwdqc(8))."""
    lengths = text.split(",")
    if len(lengths) != 5:
        raise GapFound(GapReason.UNPARSABLE, f"pam_passwdqc min={text[:40]}")
    allowed = [
        (number(lengths[place], "min"), classes)
        for place, classes in ((0, 1), (1, 2), (3, 3), (4, 4))
        if lengths[place] != "disabled"
    ]
    if not allowed:
        raise GapFound(GapReason.UNPARSABLE, "pam_passwdqc allows no password")
    return min(length for length, _ in allowed), min(classes for _, classes in allowed)


def binds_root(module: str, values: Mapping[str, str]) -> bool:
    if module == "pam_passwdqc":
        return values.get("enforce", "everyone") == "everyone"
    return "enforce_for_root" in values


def refuses_user_name(module: str, values: Mapping[str, str]) -> bool:
    """pwquality.conf(5): usercheck is on; pam_cracklib(8): only with reject_username; pam_passwdqc always."""
    if module == "pam_pwquality":
        return values.get("usercheck", "1") != "0"
    return module == "pam_passwdqc" or "reject_username" in values
