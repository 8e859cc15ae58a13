"""Logging in with the credential that an asset declares, and with no other."""

import io
from collections.abc import Callable, Iterator
from functools import partial

import paramiko

from secaudit.errors import TransportError, TransportReason
from secaudit.language import _
from secaudit.model.register import Reach
from secaudit.transport.secrets import Secrets, missing
from secaudit.transport.ssh_link import Address

KEY_TYPES: tuple[type[paramiko.PKey], ...] = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)

# returns the methods that are still asked for; nothing means logged in
Attempt = Callable[[], list[str]]


def log_in(link: paramiko.Transport, address: Address, reach: Reach, secrets: Secrets) -> str:
    """Authenticate; returns by what: ``key``, ``agent`` or ``password``, tried in that order.

    What the asset does not declare is never tried. Raises TransportError.
    """
    refused: list[str] = []
    for method, shown, attempt in _attempts(link, address, reach, secrets):
        still_wanted = _tried(address, attempt)
        if still_wanted == []:
            return method
        refused.append(shown if still_wanted is None else f"{shown} (+ {', '.join(still_wanted)})")
    raise _refusal(address, reach, refused)


def _attempts(
    link: paramiko.Transport, address: Address, reach: Reach, secrets: Secrets
) -> Iterator[tuple[str, str, Attempt]]:
    """(method, how it is named in messages, the attempt); each secret is fetched when its turn comes."""
    if reach.key:
        key = secrets.derived((reach.key, reach.passphrase), lambda: load_key(address, reach, secrets))
        yield "key", f"{reach.key} ({key.fingerprint})", partial(link.auth_publickey, reach.user, key)
    if reach.agent:
        for held in agent_keys(address):
            attempt = partial(link.auth_publickey, reach.user, held)
            yield "agent", f"agent ({held.fingerprint})", attempt
    if reach.password:
        password = secrets.value("password", reach.password, address.asset_id)
        yield "password", reach.password, partial(link.auth_password, reach.user, password)


def _tried(address: Address, attempt: Attempt) -> list[str] | None:
    """What the server still wants after an attempt, None when it refused it."""
    try:
        return attempt()
    except paramiko.AuthenticationException:
        return None
    except (paramiko.SSHException, OSError, EOFError) as error:
        why = _("the connection ended during login")
        raise address.error(TransportReason.LINK_LOST, why) from error


def _refusal(address: Address, reach: Reach, refused: list[str]) -> TransportError:
    if not refused:
        return missing(address.asset_id, "reach", _("no key, agent or password is declared"))
    why = _("login as {user} refused: {refused}").format(user=reach.user, refused=", ".join(refused))
    hint = _("Try: ssh -p {port} {user}@{host}").format(port=address.port, user=reach.user, host=address.host)
    return address.error(TransportReason.AUTH_FAILED, why, hint)


def load_key(address: Address, reach: Reach, secrets: Secrets) -> paramiko.PKey:
    """The private key that is declared. Raises TransportError (credential_missing)."""
    text = secrets.value("key", reach.key, address.asset_id)
    passphrase = None
    if reach.passphrase:
        passphrase = secrets.value("passphrase", reach.passphrase, address.asset_id)
    for key_type in KEY_TYPES:
        try:
            return key_type.from_private_key(io.StringIO(text), passphrase)
        except paramiko.PasswordRequiredException as error:
            why = _("the key has a passphrase; declare it in reach.passphrase")
            raise missing(address.asset_id, reach.key, why) from error
        except (paramiko.SSHException, ValueError, IndexError, TypeError):
            continue  # of another type, or damaged: told below
    why = _("no private key of type ed25519, ecdsa or rsa, or a wrong passphrase")
    # The library's complaints may quote the key: they are not chained.
    raise missing(address.asset_id, reach.key, why) from None


def agent_keys(address: Address) -> tuple[paramiko.AgentKey, ...]:
    """The keys of the running agent, at least one. Raises TransportError (credential_missing)."""
    try:
        keys = paramiko.Agent().get_keys()
    except (paramiko.SSHException, OSError) as error:
        raise missing(address.asset_id, "agent", _("it does not answer")) from error
    if not keys:
        hint = _("Start it and add the key: eval $(ssh-agent); ssh-add")
        raise missing(address.asset_id, "agent", _("it holds no key"), hint)
    return tuple(keys)
