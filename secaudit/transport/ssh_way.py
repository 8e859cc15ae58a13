"""The way to an asset: from jump host to jump host, each key checked, each login its own."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from secaudit.errors import TransportError, TransportReason
from secaudit.language import _
from secaudit.model.register import Asset, Hop, Reach
from secaudit.transport.known_hosts import HostKey, KnownHosts
from secaudit.transport.protocol import Limits
from secaudit.transport.secrets import Secrets
from secaudit.transport.ssh_address import Address
from secaudit.transport.ssh_algorithms import cipher, weak_agreed
from secaudit.transport.ssh_link import Link, hang_up, host_key
from secaudit.transport.ssh_login import log_in
from secaudit.transport.ssh_patience import connect_patiently
from secaudit.transport.ssh_trust import check, known_types
from secaudit.transport.turnstile import Turnstile

# how long a connection that has ended may take to show it
ENDING_S = 0.2
# how long a server that is there may take to say so
ANSWER_S = 5


@dataclass(frozen=True, slots=True)
class Door:
    """A server on the way and the login that it is declared to take."""

    address: Address
    login: Reach | Hop


class Way:
    """Opens one connection through another; ``channel`` tells of each. Closed by ``close``."""

    def __init__(self, asset: Asset, known_hosts: KnownHosts, secrets: Secrets, turnstile: Turnstile) -> None:
        *self._hops, self._last = _doors(asset)
        self._known_hosts = known_hosts
        self._secrets = secrets
        self._turnstile = turnstile
        self._links: list[tuple[Address, Link]] = []
        self._until = 0.0
        self.channel: dict[str, str] = {}

    def open(self, limits: Limits) -> Link:
        """The connection to the asset, logged in. Raises TransportError that names where it ended."""
        try:
            return self._opened(limits)
        except TransportError as error:
            if error.reason is TransportReason.CONNECT_TIMEOUT and (silence := self.silence()):
                raise silence from error
            raise

    def _opened(self, limits: Limits) -> Link:
        before = self._pass_hops(limits)
        link, key = self._knock(self._last, limits, before)
        check(self._known_hosts, self._last.address, key)
        self.channel |= {
            "host_key": f"{key.type} {key.fingerprint}",
            "server": link.remote_version,
            "cipher": cipher(link),
        }
        self._log_in(self._last, link, limits)
        return link

    def key(self, limits: Limits) -> HostKey:
        """The key that the asset's server presents; no user name is sent to it. Raises TransportError."""
        return self._knock(self._last, limits, self._pass_hops(limits))[1]

    @property
    def address(self) -> Address:
        """Of the asset."""
        return self._last.address

    def ended_at(self) -> Address | None:
        """Of the first connection that has ended; None when all hold."""
        for address, link in self._links:
            link.join(timeout=ENDING_S)
            if not link.is_alive():
                return address
        return None

    def silence(self) -> TransportError | None:
        """The error of the first jump host that was passed and does not answer any more; None when all do.

        An asset may be busy with what it was asked: it is not held to an answer.
        """
        for address, link in self._links:
            if address.hop and link.is_authenticated() and not link.answers(ANSWER_S):
                return address.error(TransportReason.LINK_LOST, _("it does not answer any more"))
        return None

    def close(self) -> None:
        """Hang up, the asset first; may be called more than once."""
        links, self._links = self._links, []
        for _address, link in reversed(links):
            hang_up(link)

    def _pass_hops(self, limits: Limits) -> Link | None:
        self._until = time.monotonic() + limits.reach_s
        before = None
        for door in self._hops:
            with self._turnstile.passing(door.address.id) as waited_s:
                self._until += waited_s
                before = self._pass(door, limits, before)
        return before

    def _pass(self, door: Door, limits: Limits, before: Link | None) -> Link:
        link, key = self._knock(door, limits, before)
        check(self._known_hosts, door.address, key)
        method = self._log_in(door, link, limits)
        address = door.address
        told = f"{address.id} ({door.login.user}@{address.host}:{address.port}, {method}, {key.fingerprint})"
        self.channel["jump"] = " → ".join(filter(None, (self.channel.get("jump"), told)))
        return link

    def _knock(self, door: Door, limits: Limits, before: Link | None) -> tuple[Link, HostKey]:
        """Connect and see the key; its owner is not trusted yet."""
        known = known_types(self._known_hosts, door.address)
        left = self._left(door.address, limits)
        link = connect_patiently(door.address, left, known, door.login.weak_algorithms, before)
        self._links.append((door.address, link))
        self._note_weak(door.address, link)
        return link, host_key(link)

    def _log_in(self, door: Door, link: Link, limits: Limits) -> str:
        link.auth_timeout = self._left(door.address, limits).login_s
        method = log_in(link, door.address, door.login, self._secrets)
        link.set_keepalive(limits.keepalive_s)
        if door is self._last:
            self.channel |= {"login": door.login.user, "auth": method}
        return method

    def _note_weak(self, address: Address, link: Link) -> None:
        if weak := ", ".join(weak_agreed(link)):
            told = f"{address.hop}: {weak}" if address.hop else weak
            noted = self.channel.get("weak_algorithms")
            self.channel["weak_algorithms"] = f"{noted}; {told}" if noted else told

    def _left(self, address: Address, limits: Limits) -> Limits:
        """The limits of the next part: its own, or what is left of the whole way."""
        left_s = self._until - time.monotonic()
        if left_s <= 0:
            raise address.error(TransportReason.CONNECT_TIMEOUT, _("the way to it took too long"))
        return replace(limits, connect_s=min(limits.connect_s, left_s), login_s=min(limits.login_s, left_s))


def _doors(asset: Asset) -> Iterator[Door]:
    """The jump hosts in their order, then the asset itself."""
    via = ""
    for hop in asset.reach.jump:
        yield Door(Address(asset.id, hop.address, hop.port, hop.id, via), hop)
        via = hop.id
    yield Door(Address(asset.id, asset.address, asset.reach.port, via=via), asset.reach)
