"""Whether a password that a module refuses is set all the same: the order of a password stack and use_authtok."""

from secaudit.facts.pam_stack import AUTH_ERR, SUCCESS, Module, Stack, walk

QUALITY_MODULES = ("pam_pwquality", "pam_cracklib", "pam_passwdqc")
# Modules that ask for a new password where none is at hand, and the arguments that forbid it.
_ASKING = frozenset({"pam_unix", "pam_pwhistory", *QUALITY_MODULES})
_TAKES_OVER = frozenset({"use_authtok", "use_first_pass"})


def enforced(stack: Stack, checker: Module) -> bool:
    """Whether a password that the checker refuses is never set, all others being content.

    pam_unix sets one where it comes first, and where it comes later and asks anew: with ``use_authtok`` it takes what
    was asked before, which a refusal takes away.
    """

    def answer(module: Module) -> str:
        return AUTH_ERR if module == checker or module.name == "pam_deny" else SUCCESS

    ran = walk(stack, answer).ran
    if checker not in ran:
        return False
    place = ran.index(checker)
    asked = False
    for module in ran[place + 1 :]:
        asked = asked or (module.name in _ASKING and not _TAKES_OVER & set(module.arguments))
        if module.name == "pam_unix" and asked:
            return False
    return all(module.name != "pam_unix" for module in ran[:place])
