"""Whether the credentials that an asset declares can be had, before anything is contacted."""

from collections.abc import Callable, Iterator

import paramiko

from secaudit.errors import TransportError
from secaudit.model.register import Asset, Sudo
from secaudit.transport.secrets import Secrets
from secaudit.transport.ssh_link import Address
from secaudit.transport.ssh_login import agent_keys, load_key


def credential_faults(asset: Asset, secrets: Secrets) -> Iterator[tuple[str, TransportError]]:
    """(kind, why it cannot be had) for each credential of an asset over SSH that is missing or not usable."""
    reach = asset.reach
    tries: list[tuple[str, Callable[[], object]]] = []
    if reach.key:
        tries.append(("key", lambda: _key(asset, secrets)))
    if reach.agent:
        tries.append(("agent", lambda: agent_keys(_address(asset))))
    if reach.password:
        tries.append(("password", lambda: secrets.value("password", reach.password, asset.id)))
    if reach.sudo is Sudo.PASSWORD and reach.sudo_password:
        tries.append(("sudo password", lambda: secrets.value(*reach.password_of_sudo, asset.id)))
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
        key = _key(asset, secrets)
    except TransportError:
        return ""
    return f"{key.get_name()} {key.get_base64()}"


def _key(asset: Asset, secrets: Secrets) -> paramiko.PKey:
    """Decrypted once for all assets that name it."""
    reach = asset.reach
    return secrets.derived((reach.key, reach.passphrase), lambda: load_key(_address(asset), reach, secrets))


def _address(asset: Asset) -> Address:
    return Address(asset.id, asset.address, asset.reach.port)
