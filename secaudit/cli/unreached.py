"""Assets that could not be reached: why, said once, and what a person does next."""

import re
from collections.abc import Callable, Iterable, Iterator

from secaudit.cli.escaping import printable
from secaudit.cli.words import gap_words
from secaudit.language import _
from secaudit.model.evidence import Gap, GapReason

# asset id → why it was not reached
Unreached = Iterable[tuple[str, Gap]]


def why(asset_id: str, gap: Gap) -> str:
    """``h5 (192.0.2.5 port 22): connection refused``: the details of a connection name the asset themselves."""
    detail = gap.detail.strip().rstrip(".。")
    if detail.startswith(tuple(f"{asset_id}{mark}" for mark in (" (", "（", ":", "：", " → "))):
        return printable(detail)
    return printable(f"{asset_id}: {gap_words()[gap.reason]}" + (f": {detail}" if detail else ""))


def next_steps(unreached: Unreached, command: Callable[[str], str]) -> Iterator[str]:
    """What to do, once for each kind of trouble; ``command`` makes a command line of our arguments."""
    assets: dict[str, dict[str, str]] = {}
    unreached = list(unreached)
    for asset_id, gap in unreached:
        if step := _step(gap.reason):
            assets.setdefault(step, {})[asset_id] = _stopped_at(asset_id, gap)
    for step, doors in assets.items():
        again = command("scan " + " ".join(f"--asset {name}" for name in doors))
        trust = command("hostkeys trust " + " ".join(dict.fromkeys(doors.values())))
        authorise, plugins = command("authorise add …"), command("plugins list")
        told = step.format(
            assets=", ".join(doors), trust=trust, authorise=authorise, again=again, plugins=plugins
        )
        yield printable(told)
    if unreached:
        look = command("preflight " + " ".join(f"--asset {asset_id}" for asset_id, _gap in unreached))
        yield printable(_("for each asset what exactly mends it: {look}").format(look=look))


def _stopped_at(asset_id: str, gap: Gap) -> str:
    """The jump host that a detail names (``web-1 → gate (…``), else the asset itself."""
    named = re.match(rf"{re.escape(asset_id)} → ([a-z0-9-]+)[ :：]", gap.detail)
    return named[1] if named else asset_id


def _step(reason: GapReason) -> str:
    match reason:
        case GapReason.HOST_KEY_UNKNOWN:
            return _("{assets}: compare the fingerprints and trust the keys: {trust}")
        case GapReason.HOST_KEY_MISMATCH:
            return _("{assets}: find out why the key has changed; only if that is right: {trust} --replace")
        case GapReason.CREDENTIAL_MISSING:
            return _("{assets}: give the credential that reach: in systems/*.yaml names, then: {again}")
        case GapReason.AUTH_FAILED:
            return _(
                "{assets}: log in by hand as the user of reach: (is the key in its authorized_keys?), then: {again}"
            )
        case GapReason.NO_COMMON_ALGORITHM:
            return _(
                "{assets}: update its SSH server, allow a weak algorithm in reach.weak_algorithms, or let it run "
                "what secaudit collector build writes; then: {again}"
            )
        case GapReason.FORWARDING_REFUSED:
            return _(
                "{assets}: allow forwarding on the jump host (AllowTcpForwarding, PermitOpen), then: {again}"
            )
        case GapReason.NOT_AUTHORISED:
            return _("{assets}: to visit them too, have them allowed: {authorise}; then: {again}")
        case GapReason.REFUSED | GapReason.UNREACHABLE | GapReason.CONNECT_TIMEOUT:
            return _(
                "{assets}: is it up, are address and port right, does a firewall let us through? Then: {again}"
            )
        case _:
            return _step_of_ours(reason)


def _step_of_ours(reason: GapReason) -> str:
    """Where nothing of the asset stood in the way."""
    match reason:
        case GapReason.RUN_TIMEOUT:
            return _("{assets}: allow more time (limits: run_s, --deadline) or more at once, then: {again}")
        case GapReason.ZONE_STOPPED:
            return _("{assets}: find out what stands in the way there (limits: failures), then: {again}")
        case GapReason.CREDENTIAL_STOPPED:
            return _("{assets}: try the password once by hand before it locks an account, then: {again}")
        case GapReason.PLUGIN_BROKEN:
            return _("{assets}: mend the plug-in of their transport ({plugins}), then: {again}")
        case _:
            return ""
