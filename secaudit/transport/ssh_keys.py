"""Private keys: read from a reference, or held by the agent."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import paramiko

from secaudit.language import _
from secaudit.model.register import Hop, Reach
from secaudit.transport.secrets import Secrets, missing, passphrase_of
from secaudit.transport.ssh_address import Address

KEY_TYPES: tuple[type[paramiko.PKey], ...] = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)


def private_key(address: Address, login: Reach | Hop, secrets: Secrets) -> paramiko.PKey:
    """The key that is declared, read and decrypted once for all visits. Raises TransportError."""
    return secrets.derived((login.key, *passphrase_of(login)), lambda: _read(address, login, secrets))


def shown_key(login: Reach | Hop, key: paramiko.PKey, secrets: Secrets) -> str:
    """How messages name it, for people who compare it with authorized_keys: put together once for all visits."""
    named = ("shown", login.key, *passphrase_of(login))
    return secrets.derived(named, lambda: f"{login.key} ({key.fingerprint})")


def _read(address: Address, login: Reach | Hop, secrets: Secrets) -> paramiko.PKey:
    text = secrets.value("key", login.key, address.label)
    passphrase = None
    if login.passphrase:
        passphrase = secrets.value(*passphrase_of(login), address.label)
    for key_type in KEY_TYPES:
        try:
            return key_type.from_private_key(io.StringIO(text), passphrase)
        except paramiko.PasswordRequiredException as error:
            why = _("the key has a passphrase; declare it in reach.passphrase")
            raise missing(address.label, login.key, why) from error
        except (paramiko.SSHException, ValueError, IndexError, TypeError):
            continue  # of another type, or damaged: told below
    why = _("no private key of type ed25519, ecdsa or rsa, or a wrong passphrase")
    hint = _("See whether it opens: ssh-keygen -y -f KEY; rewrite another format: ssh-keygen -p -f KEY")
    # The library's complaints may quote the key: they are not chained.
    raise missing(address.label, login.key, why, hint) from None


@contextmanager
def agent_keys(address: Address, login: Reach | Hop) -> Iterator[list[paramiko.AgentKey]]:
    """The keys of the agent that may be offered, as long as they are needed. Raises TransportError."""
    try:
        agent = paramiko.Agent()
    except (paramiko.SSHException, OSError) as error:
        raise missing(address.label, "agent", _("it does not answer")) from error
    try:
        held = agent.get_keys()
        if not held:
            hint = _("Start it and add the key: eval $(ssh-agent); ssh-add")
            raise missing(address.label, "agent", _("it holds no key"), hint)
        yield _declared(address, login, held)
    finally:
        agent.close()


def _declared(
    address: Address, login: Reach | Hop, held: tuple[paramiko.AgentKey, ...]
) -> list[paramiko.AgentKey]:
    if not login.agent_key:
        return list(held)
    named = [key for key in held if key.fingerprint == login.agent_key]
    if not named:
        why = _("it does not hold the key {fingerprint}").format(fingerprint=login.agent_key)
        raise missing(address.label, "agent", why, _("See what it holds: ssh-add -l"))
    return named
