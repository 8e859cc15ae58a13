"""Why an asset would not be entered, and what mends it: from the gap of a visit to a finding."""

import re
import shlex
from collections.abc import Callable
from typing import Final

from secaudit.audit.findings import Finding, Fix, Topic, Weight, as_root, here, person
from secaudit.language import _
from secaudit.model.evidence import Gap, GapReason
from secaudit.model.register import Asset, Reach

# makes a command line of our own arguments
Command = Callable[[str], str]

_KEY_LINE: Final = re.compile(r"[a-z0-9@.-]+ [A-Za-z0-9+/]+=*", re.ASCII)
_NEXT_STEP: Final = re.compile("(?<=[.。]) → ")
_PLAIN_USER: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*", re.ASCII)


def not_entered(asset: Asset, gap: Gap, public_key: str, command: Command) -> Finding:
    """The finding for an asset whose script did not run. ``public_key`` is the line for authorized_keys or ""."""
    door = _stopped_at(asset, gap)
    topic, fixes = _mending(door, gap, public_key if door is asset else "", command)
    return Finding(Weight.BLOCKS, topic, _said(asset.id, gap), fixes)


def _stopped_at(asset: Asset, gap: Gap) -> Asset:
    """The jump host that the gap names (``web-1 → gate (…``) as something to be mended, else the asset itself."""
    for hop in asset.reach.jump:
        if gap.detail.startswith((f"{asset.id} → {hop.id} ", f"{asset.id} → {hop.id}:")):
            reach = Reach("ssh", hop.port, hop.user, hop.key, hop.passphrase, hop.password, hop.agent)
            return Asset(hop.id, asset.kind, hop.id, hop.address, reach=reach)
    return asset


def broken_off(asset: Asset, gap: Gap) -> Finding:
    """The finding for an asset that was entered and then fell silent."""
    return Finding(Weight.LACKS, Topic.LINK, _said(asset.id, gap), tuple(_broken(asset.reach)))


def unnamed(asset_id: str, message: str) -> str:
    """The message of a transport without the asset in front and the stop at its end, in any language.

    ``web-1: credential env:PW: it is not set.`` → ``credential env:PW: it is not set``
    """
    return re.sub(rf"^{re.escape(asset_id)}[:：]\s*", "", message.strip()).rstrip(".。")


def _said(asset_id: str, gap: Gap) -> str:
    """Without the next step at its end: the fixes say it in full."""
    told = _NEXT_STEP.split(gap.detail, maxsplit=1)[0]
    return unnamed(asset_id, told) or gap.reason.value


def _mending(asset: Asset, gap: Gap, public_key: str, command: Command) -> tuple[Topic, tuple[Fix, ...]]:
    match gap.reason:
        case GapReason.HOST_KEY_UNKNOWN:
            return Topic.HOST_KEY, (_show_keys(), here(command(f"hostkeys trust {asset.id}")))
        case GapReason.HOST_KEY_MISMATCH:
            why = person(_("Find out why the key has changed: a new installation, or somebody in between?"))
            return Topic.HOST_KEY, (why, _show_keys(), here(command(f"hostkeys trust {asset.id} --replace")))
        case GapReason.AUTH_FAILED | GapReason.CREDENTIAL_STOPPED:
            return Topic.LOGIN, tuple(_login(asset, public_key))
        case GapReason.CREDENTIAL_MISSING:
            return Topic.LOGIN, (person(_("See under the workspace how to give the credential.")),)
        case GapReason.NO_COMMON_ALGORITHM:
            return Topic.REACH, (
                as_root("sshd -T | grep -Ei '^(ciphers|macs|kexalgorithms|hostkeyalgorithms)'"),
            )
        case GapReason.FAILED:
            return Topic.SHELL, tuple(_shell(asset.reach, gap.detail))
        case GapReason.LINK_LOST:
            known = _NEXT_STEP.split(gap.detail, maxsplit=1)[1:]
            return Topic.LINK, (*map(person, known), *_broken(asset.reach))
        case GapReason.VISIT_TIMEOUT:
            return Topic.SHELL, tuple(_broken(asset.reach))
        case GapReason.ZONE_STOPPED | GapReason.RUN_TIMEOUT:
            first = person(_("It was not contacted. Mend the others first, then look at it alone."))
            return Topic.REACH, (first, here(command(f"preflight --asset {asset.id}")))
        case GapReason.INTERNAL:
            return Topic.REACH, (here(command(f"--verbose preflight --asset {asset.id}")),)
        case GapReason.PLUGIN_BROKEN:
            return Topic.REACH, (here(command("plugins list")),)
        case _:
            return Topic.REACH, tuple(_reach(asset, gap.reason))


def _show_keys() -> Fix:
    return as_root("for f in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf $f; done")


def _reach(asset: Asset, reason: GapReason) -> list[Fix]:
    port = asset.reach.port
    right = person(
        _("Are address ({address}) and port ({port}) right in systems/*.yaml, and is the machine up?").format(
            address=asset.address, port=port
        )
    )
    if reason is GapReason.REFUSED:
        start = as_root("systemctl enable --now sshd || systemctl enable --now ssh")
        return [start, as_root("sshd -T | grep ^port"), right]
    if reason is GapReason.CONNECT_TIMEOUT:
        opened = _("Let this machine through to TCP port {port} in every firewall between.").format(port=port)
        return [right, person(opened), as_root(f"ss -tln sport = :{port}; nft list ruleset | grep -n {port}")]
    return [here(f"getent hosts {shlex.quote(asset.address)}"), right]


def _login(asset: Asset, public_key: str) -> list[Fix]:
    reach, user = asset.reach, shlex.quote(asset.reach.user)
    where = f"-p {reach.port} {shlex.quote(f'{reach.user}@{asset.address}')}"
    fixes: list[Fix] = []
    if reach.key.startswith("file:"):
        fixes.append(here(f"ssh-copy-id -i {_path(reach.key.removeprefix('file:'))} {where}"))
    elif reach.agent:
        fixes.append(here(f"ssh-copy-id {where}"))
    if _KEY_LINE.fullmatch(public_key) and _PLAIN_USER.fullmatch(reach.user):
        fixes.append(as_root(_authorized_keys(reach.user, public_key)))
    if reach.password:
        fixes.append(as_root(f"passwd {user}"))
    expired = person(
        _("If it is expired there: chage -E -1 {user}; if it is locked: usermod -U {user}").format(user=user)
    )
    return [*fixes, as_root(f"passwd -S {user}; chage -l {user}; getent passwd {user}"), expired]


def _authorized_keys(user: str, line: str) -> str:
    group = f'"$(id -g {user})"'
    folder = f"install -d -m 700 -o {user} -g {group} ~{user}/.ssh"
    file = f"~{user}/.ssh/authorized_keys"
    return f"{folder} && echo '{line}' >>{file} && chown {user}: {file} && chmod 600 {file}"


def _path(text: str) -> str:
    """Quoted, with a ``~`` in front still meaning the home."""
    return f"~/{shlex.quote(text[2:])}" if text.startswith("~/") else shlex.quote(text)


def _shell(reach: Reach, said: str) -> list[Fix]:
    """The login shell ended by itself; what it said stands at the end of the gap's detail."""
    user = shlex.quote(reach.user)
    if re.search(r"assword (has expired|change required)|expired|chauthtok", said):
        return [as_root(f"passwd {user}"), as_root(f"chage -d $(date +%F) -M -1 {user}")]
    if re.search(r"not available|nologin", said):
        return [as_root(f"usermod -s /bin/sh {user}")]
    return [
        as_root(f"getent passwd {user}"),
        person(_("Let the login shell, its profile and a ForceCommand of sshd run /bin/sh -c '…' as it is.")),
    ]


def _broken(reach: Reach) -> list[Fix]:
    return [
        as_root("journalctl -n 50 -u ssh -u sshd || tail -n 50 /var/log/auth.log /var/log/secure"),
        as_root(f"getent passwd {shlex.quote(reach.user)}"),
        person(
            _("Does the login shell or something on the way (a small MTU, a proxy) end or stall the session?")
        ),
    ]
