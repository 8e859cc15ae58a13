"""What assets share: a segment, a hypervisor, a password; who is there now, and what went wrong in a row."""

import ipaddress
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from secaudit.language import _
from secaudit.model.evidence import Gap, GapReason, Visit
from secaudit.model.pace import Pace
from secaudit.model.register import Asset, Sudo

# the first reasons of a budget that is used up, for a person
TOLD: Final = 3

# True: the asset was entered, or the password accepted; False: it was not; None: this says nothing of it
Outcome = Callable[[Visit], bool | None]

NOT_ENTERED: Final = frozenset(
    {
        GapReason.UNREACHABLE,
        GapReason.REFUSED,
        GapReason.CONNECT_TIMEOUT,
        GapReason.AUTH_FAILED,
        GapReason.VISIT_TIMEOUT,
        GapReason.LINK_LOST,
    }
)
# reasons on our side: nobody knocked
OURS: Final = frozenset({GapReason.CREDENTIAL_MISSING, GapReason.INTERNAL, GapReason.PLUGIN_BROKEN})


@dataclass(slots=True, eq=False)
class Shared:
    """``room`` is how many visits may be there at once, ``budget`` how many failures in a row; 0: any number.

    Where ``careful`` nothing is proved before the first success, and what is under way counts as if it failed.
    ``of_sudo``: it is no way into the asset, only to root.
    """

    name: str
    room: int
    budget: int
    reason: GapReason
    outcome: Outcome
    careful: bool = False
    of_sudo: bool = False
    under_way: int = 0
    failed: list[str] = field(default_factory=list)
    stopped: Gap | None = None

    @property
    def has_room(self) -> bool:
        """Whether one more visit may begin."""
        if self.careful and self.under_way + len(self.failed) >= self.budget > 0:
            return False
        return not self.room or self.under_way < self.room

    def learn(self, visit: Visit) -> None:
        """Count how a visit ended."""
        entered = self.outcome(visit)
        if entered:
            self.careful = False
            self.failed.clear()
        elif entered is False:
            self.failed.append(_why(visit))
            if len(self.failed) >= self.budget > 0 and self.stopped is None:
                self.stopped = Gap(self.reason, self._told())

    def _told(self) -> str:
        first = "; ".join(reason.strip().rstrip(".") for reason in self.failed[:TOLD])
        if self.of_sudo:
            told = _("{name} was refused {count} times in a row: {first} → Try it once by hand: sudo -k true")
        elif self.reason is GapReason.CREDENTIAL_STOPPED:
            told = _("{name} was refused {count} times in a row: {first}")
        else:
            told = _("{name}: {count} assets in a row could not be entered: {first}")
        return told.format(name=self.name, count=len(self.failed), first=first)


def entered(visit: Visit) -> bool | None:
    """Whether an asset answered as one does: a strange host key or login shell is an answer too."""
    if visit.gap is None:
        return True
    return None if visit.gap.reason in OURS else visit.gap.reason not in NOT_ENTERED


def logged_in(visit: Visit, hop: str = "") -> bool | None:
    """Whether a login was accepted: that of the asset, or of a jump host before it."""
    if visit.gap is None:
        return True
    refused = visit.gap.reason is GapReason.AUTH_FAILED and _refused_at(visit.asset_id, visit.gap) == hop
    return False if refused else None


def let_be_root(visit: Visit) -> bool | None:
    """Whether sudo accepted the password."""
    return {"accepted": True, "refused": False}.get(visit.channel.get("sudo_password", ""))


def _refused_at(asset_id: str, gap: Gap) -> str:
    """The jump host that a detail names (``web-1 → gate (…``), "" where it is the asset itself."""
    named = re.match(rf"{re.escape(asset_id)} → ([a-z0-9-]+)[ :：（]", gap.detail)
    return named[1] if named else ""


def _why(visit: Visit) -> str:
    """Why an asset, or root on it, was not entered; a gap of the asset names it by itself."""
    if visit.gap is not None:
        return visit.gap.detail or f"{visit.asset_id}: {visit.gap.reason}"
    gaps = (seen.gap for seen in visit.observations if seen.gap and seen.gap.reason is GapReason.SUDO_REFUSED)
    return f"{visit.asset_id}: {next((gap.detail for gap in gaps), GapReason.SUDO_REFUSED)}"


def segment_of(asset: Asset) -> str:
    """The zone of an asset, else the network of its address: ``10.0.3.0/24``, ``2001:db8::/64``; "" of a name."""
    if asset.zone:
        return asset.zone
    try:
        address = ipaddress.ip_address(asset.address)
    except ValueError:
        return ""
    length = 24 if address.version == 4 else 64
    return str(ipaddress.ip_network((address, length), strict=False))


class Sharing:
    """Everything that assets share, each thing once, with the limits that a workspace sets."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._segments: dict[str, Shared] = {}
        self._hypervisors: dict[str, Shared] = {}
        self._passwords: dict[tuple[str, str, str], Shared] = {}

    def of(self, asset: Asset) -> tuple[Shared, ...]:
        """What an asset shares with others."""
        return tuple(self._found(asset))

    def _found(self, asset: Asset) -> Iterator[Shared]:
        if segment := segment_of(asset):
            yield self._segments.setdefault(segment, self._segment(segment))
        if asset.hypervisor:
            yield self._hypervisors.setdefault(asset.hypervisor, self._hypervisor(asset.hypervisor))
        yield from self._passwords_of(asset)

    def _passwords_of(self, asset: Asset) -> Iterator[Shared]:
        """Those of its login, of the jump hosts before it, and of sudo: each locks an account of its own."""
        reach = asset.reach
        for hop in reach.jump:
            if hop.password:
                yield self._password(hop.id, hop.user, hop.password, partial(logged_in, hop=hop.id))
        if reach.password:
            yield self._password("", reach.user, reach.password, logged_in)
        kind, reference = reach.password_of_sudo
        if reach.sudo is Sudo.PASSWORD and reference:
            yield self._password(f"sudo {kind}", reach.user, reference, let_be_root)

    def _segment(self, name: str) -> Shared:
        room, budget = self._pace.jobs_in(name), self._pace.failures_in(name)
        return Shared(name, room, budget, GapReason.ZONE_STOPPED, entered)

    def _hypervisor(self, name: str) -> Shared:
        return Shared(name, self._pace.per_hypervisor, 0, GapReason.ZONE_STOPPED, entered)

    def _password(self, where: str, user: str, reference: str, accepted: Outcome) -> Shared:
        key = (where, user, reference)
        if key not in self._passwords:
            name = _("the password {reference} of {user}").format(reference=reference, user=user)
            budget, stopped = self._pace.logins, GapReason.CREDENTIAL_STOPPED
            self._passwords[key] = Shared(
                name, 0, budget, stopped, accepted, careful=True, of_sudo=accepted is let_be_root
            )
        return self._passwords[key]
