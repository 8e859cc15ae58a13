"""Whether the credentials that are declared for a login can be had, before anything is contacted."""

from collections.abc import Callable, Iterator

from secaudit.errors import TransportError
from secaudit.model.register import Asset, Hop, Reach, Sudo
from secaudit.transport.secrets import Secrets, password_of
from secaudit.transport.ssh_address import Address
from secaudit.transport.ssh_keys import agent_keys, private_key


def logins_of(asset: Asset) -> Iterator[tuple[str, Reach | Hop]]:
    """The id and the login of each server that is logged in to on a visit: jump hosts, then the asset."""
    yield from ((hop.id, hop) for hop in asset.reach.jump)
    yield asset.id, asset.reach


def credential_faults(
    name: str, login: Reach | Hop, secrets: Secrets
) -> Iterator[tuple[str, TransportError]]:
    """(kind, why it cannot be had) for each credential of a login over SSH that is missing or not usable."""
    address = Address(name, "", login.port)
    tries: list[tuple[str, Callable[[], object]]] = []
    if login.key:
        tries.append(("key", lambda: private_key(address, login, secrets)))
    if login.agent:
        tries.append(("agent", lambda: _held(address, login)))
    if login.password:
        tries.append(("password", lambda: secrets.value(*password_of(login), name)))
    if isinstance(login, Reach) and login.sudo is Sudo.PASSWORD and login.sudo_password:
        tries.append(("sudo password", lambda: secrets.value(*login.password_of_sudo, name)))
    for kind, attempt in tries:
        try:
            attempt()
        except TransportError as error:
            yield kind, error


def public_key(asset: Asset, secrets: Secrets) -> str:
    """The line for authorized_keys (sshd(8)) that belongs to the asset's key; "" where there is none to be had."""
    if not asset.reach.key:
        return ""
    try:
        key = private_key(Address(asset.id, asset.address, asset.reach.port), asset.reach, secrets)
    except TransportError:
        return ""
    return f"{key.get_name()} {key.get_base64()}"


def _held(address: Address, login: Reach | Hop) -> int:
    """How many keys of the agent may be offered."""
    with agent_keys(address, login) as keys:
        return len(keys)
