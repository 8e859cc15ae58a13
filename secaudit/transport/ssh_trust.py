"""Whether a workspace trusts the key that a server presents, and what is told when it does not."""

from secaudit.errors import TransportError, TransportReason, UsageError
from secaudit.language import _
from secaudit.transport.known_hosts import HostKey, KeyState, KnownHosts, host_name
from secaudit.transport.ssh_address import Address


def known_types(known_hosts: KnownHosts, address: Address) -> tuple[str, ...]:
    """The types of the keys that are trusted for a server. Raises TransportError."""
    try:
        return tuple(key.type for key in known_hosts.keys_of(host_name(address.host, address.port)))
    except UsageError as error:
        raise address.error(TransportReason.HOST_KEY_UNKNOWN, str(error), error.hint) from error


def check(known_hosts: KnownHosts, address: Address, key: HostKey) -> None:
    """Raises TransportError unless the workspace trusts this key for this server."""
    host = host_name(address.host, address.port)
    match known_hosts.state(host, key):
        case KeyState.KNOWN:
            return
        case KeyState.UNKNOWN:
            why = _("unknown host key {type} {fingerprint}").format(
                type=key.type, fingerprint=key.fingerprint
            )
            hint = _("Compare it with the one on the host, then: secaudit hostkeys trust {asset}")
            raise address.error(TransportReason.HOST_KEY_UNKNOWN, why, hint.format(asset=address.id))
        case KeyState.CHANGED | KeyState.REVOKED:
            raise _mismatch(known_hosts, address, key)


def _mismatch(known_hosts: KnownHosts, address: Address, key: HostKey) -> TransportError:
    keys = known_hosts.keys_of(host_name(address.host, address.port))
    trusted = ", ".join(f"{k.type} {k.fingerprint}" for k in keys)
    why = _("host key changed: {type} {fingerprint}, trusted: {trusted}").format(
        type=key.type, fingerprint=key.fingerprint, trusted=trusted or _("none (revoked)")
    )
    hint = _("Find out why. If it is right: secaudit hostkeys trust {asset} --replace")
    return address.error(TransportReason.HOST_KEY_MISMATCH, why, hint.format(asset=address.id))
