"""The least sudoers(5) file for what secaudit asks as root."""

import re
from collections.abc import Iterator, Sequence

from secaudit.model.evidence import Probe
from secaudit.model.register import Sudo

# What a command may be made of: no pattern, nothing that sudoers or a shell reads as more than itself.
COMMAND = re.compile(r"/usr/s?bin/[A-Za-z0-9._-]+( [A-Za-z0-9_./@+,:=^-]+)*")
_SPECIAL = re.compile(r"([,:=\\])")
_PLAIN_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


def sudoers_text(user: str, probes: Sequence[Probe], sudo: Sudo) -> str:
    """The file that lets ``user`` ask these probes, for how root is declared; with ``none`` nothing is allowed.

    Each command stands with exactly its arguments, in ``/usr/bin`` and, for systems where that is another
    folder, in ``/bin``.
    """
    name = user if _PLAIN_USER.fullmatch(user) else '"' + user.replace("\\", "\\\\") + '"'
    return "".join(f"{line}\n" for line in (*_head(user, sudo), *_rules(name, probes, sudo)))


def _head(user: str, sudo: Sudo) -> Iterator[str]:
    yield f"# secaudit: what the user {user} may do as root (sudo: {sudo})."
    yield "# Install it with: visudo -f /etc/sudoers.d/secaudit"
    match sudo:
        case Sudo.LISTED:
            yield "# Only these commands, each with exactly these arguments. They only read."
        case Sudo.ALL | Sudo.PASSWORD:
            yield "# One shell that reads the script of the visit: whoever may start it may do everything."


def _rules(name: str, probes: Sequence[Probe], sudo: Sudo) -> Iterator[str]:
    if sudo is Sudo.NONE:
        return
    # Before 1.9.13 sudo writes down whom it has lectured.
    lecture = ", !lecture" if sudo is Sudo.PASSWORD else ""
    yield f"Defaults:{name} !requiretty{lecture}"
    match sudo:
        case Sudo.ALL:
            yield f"{name} ALL=(root) NOPASSWD: /bin/sh"
        case Sudo.PASSWORD:
            yield f"{name} ALL=(root) PASSWD: /bin/sh"
        case _:
            yield from _listed(name, probes)


def _listed(name: str, probes: Sequence[Probe]) -> Iterator[str]:
    aliases: dict[str, set[str]] = {}
    for probe in probes:
        if probe.root and probe.as_root:
            alias = "SECAUDIT_" + re.sub("[^A-Z0-9]", "_", probe.id.upper())
            aliases.setdefault(alias, set()).update(_entries(probe))
    for alias, entries in sorted(aliases.items()):
        yield f"Cmnd_Alias {alias} = \\\n    " + ", \\\n    ".join(sorted(entries))
    if aliases:
        yield f"{name} ALL=(root) NOPASSWD: " + ", \\\n    ".join(sorted(aliases))


def _entries(probe: Probe) -> Iterator[str]:
    """Each command in both folders; without arguments it may have none (sudoers writes that ``""``)."""
    for command in probe.as_root:
        if not COMMAND.fullmatch(command):
            raise ValueError(f"{probe.id}: {command} is not fixed")
        program, space, arguments = command.partition(" ")
        allowed = _SPECIAL.sub(r"\\\1", arguments) if space else '""'
        yield f"{program} {allowed}"
        yield f"{program.removeprefix('/usr')} {allowed}"
