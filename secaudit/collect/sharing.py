"""What assets share: a segment, a hypervisor, a password; who is there now, and what went wrong in a row."""

import ipaddress
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from secaudit.language import _
from secaudit.model.evidence import Gap, GapReason
from secaudit.model.pace import Pace
from secaudit.model.register import Asset

# the first reasons of a budget that is used up, for a person
TOLD: Final = 3

# True: the asset was entered, or the password accepted; False: it was not; None: this says nothing of it
Outcome = Callable[[Gap | None], bool | None]

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
    """

    name: str
    room: int
    budget: int
    reason: GapReason
    outcome: Outcome
    careful: bool = False
    under_way: int = 0
    failed: list[str] = field(default_factory=list)
    stopped: Gap | None = None

    @property
    def has_room(self) -> bool:
        """Whether one more visit may begin."""
        if self.careful and self.under_way + len(self.failed) >= self.budget > 0:
            return False
        return not self.room or self.under_way < self.room

    def learn(self, asset_id: str, gap: Gap | None) -> None:
        """Count how a visit ended."""
        entered = self.outcome(gap)
        if entered:
            self.careful = False
            self.failed.clear()
        elif entered is False and gap is not None:
            self.failed.append(gap.detail or f"{asset_id}: {gap.reason}")
            if len(self.failed) >= self.budget > 0 and self.stopped is None:
                self.stopped = Gap(self.reason, self._told())

    def _told(self) -> str:
        first = "; ".join(reason.strip().rstrip(".") for reason in self.failed[:TOLD])
        if self.reason is GapReason.CREDENTIAL_STOPPED:
            told = _("{name} was refused {count} times in a row: {first}")
        else:
            told = _("{name}: {count} assets in a row could not be entered: {first}")
        return told.format(name=self.name, count=len(self.failed), first=first)


def entered(gap: Gap | None) -> bool | None:
    """Whether an asset answered as one does: a strange host key or login shell is an answer too."""
    if gap is None:
        return True
    return None if gap.reason in OURS else gap.reason not in NOT_ENTERED


def logged_in(gap: Gap | None) -> bool | None:
    """Whether a login was accepted."""
    if gap is None:
        return True
    return False if gap.reason is GapReason.AUTH_FAILED else None


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
        self._passwords: dict[tuple[str, str], Shared] = {}

    def of(self, asset: Asset) -> tuple[Shared, ...]:
        """What an asset shares with others."""
        return tuple(self._found(asset))

    def _found(self, asset: Asset) -> Iterator[Shared]:
        if segment := segment_of(asset):
            yield self._segments.setdefault(segment, self._segment(segment))
        if asset.hypervisor:
            yield self._hypervisors.setdefault(asset.hypervisor, self._hypervisor(asset.hypervisor))
        if asset.reach.password:
            key = (asset.reach.user, asset.reach.password)
            yield self._passwords.setdefault(key, self._password(*key))

    def _segment(self, name: str) -> Shared:
        room, budget = self._pace.jobs_in(name), self._pace.failures_in(name)
        return Shared(name, room, budget, GapReason.ZONE_STOPPED, entered)

    def _hypervisor(self, name: str) -> Shared:
        return Shared(name, self._pace.per_hypervisor, 0, GapReason.ZONE_STOPPED, entered)

    def _password(self, user: str, reference: str) -> Shared:
        name = _("the password {reference} of {user}").format(reference=reference, user=user)
        budget = self._pace.logins
        return Shared(name, 0, budget, GapReason.CREDENTIAL_STOPPED, logged_in, careful=True)
