"""Logging in with the credential that an asset or a jump host declares, and with no other."""

from collections.abc import Callable, Generator
from contextlib import closing
from functools import partial

import paramiko

from secaudit.errors import TransportError, TransportReason
from secaudit.language import _
from secaudit.model.register import Hop, Reach
from secaudit.transport.secrets import Secrets, missing, password_of
from secaudit.transport.ssh_address import Address
from secaudit.transport.ssh_keys import agent_keys, private_key, shown_key
from secaudit.transport.ssh_link import Link
from secaudit.transport.ssh_password import by_password

# returns the methods that are still asked for; nothing means logged in
Attempt = Callable[[], list[str]]

# A server ends the login after six refused keys or fewer (MaxAuthTries in sshd_config(5)).
AGENT_KEYS = 5


def log_in(link: Link, address: Address, login: Reach | Hop, secrets: Secrets) -> str:
    """Authenticate; returns by what: ``key``, ``agent`` or ``password``, tried in that order.

    What is not declared is never tried. Raises TransportError.
    """
    refused: list[str] = []
    with closing(_attempts(link, address, login, secrets)) as attempts:
        for method, shown, attempt in attempts:
            still_wanted = _tried(link, address, attempt, [*refused, shown])
            if still_wanted == []:
                return method
            refused.append(shown if still_wanted is None else f"{shown} (+ {', '.join(still_wanted)})")
    raise _refusal(address, login, refused)


def _attempts(
    link: Link, address: Address, login: Reach | Hop, secrets: Secrets
) -> Generator[tuple[str, str, Attempt]]:
    """(method, how it is named in messages, the attempt); each secret is fetched when its turn comes."""
    if login.key:
        key = private_key(address, login, secrets)
        yield "key", shown_key(login, key, secrets), partial(link.auth_publickey, login.user, key)
    if login.agent:
        with agent_keys(address, login) as held:
            for agent_key in held[:AGENT_KEYS]:
                attempt = partial(link.auth_publickey, login.user, agent_key)
                yield "agent", f"agent ({agent_key.fingerprint})", attempt
            if len(held) > AGENT_KEYS:
                raise _too_many_keys(address, len(held))
    if login.password:
        password = secrets.value(*password_of(login), address.label)
        yield "password", login.password, partial(by_password, link, address, login.user, password)


def _tried(link: Link, address: Address, attempt: Attempt, shown: list[str]) -> list[str] | None:
    """What the server still wants after an attempt, None when it refused it."""
    try:
        return attempt()
    except paramiko.AuthenticationException as error:
        if not link.is_active():
            raise _hung_up(link, address, shown) from error
        if "timeout" in str(error):
            why = _("it did not answer the login in time")
            raise address.error(TransportReason.CONNECT_TIMEOUT, why) from error
        return None
    except (paramiko.SSHException, OSError, EOFError) as error:
        raise _hung_up(link, address, shown) from error


def _hung_up(link: Link, address: Address, shown: list[str]) -> TransportError:
    """The server ended the connection: it had enough of refused attempts, or for reasons of its own."""
    if "too many authentication failures" in link.farewell.lower():
        why = _("the server takes no more attempts (MaxAuthTries) after: {refused}")
        hint = _("Name the one key of the agent that is right: agent_key: SHA256:… (ssh-add -l shows it)")
        return address.error(TransportReason.AUTH_FAILED, why.format(refused=", ".join(shown)), hint)
    return address.error(TransportReason.LINK_LOST, _("the connection ended during login"))


def _too_many_keys(address: Address, count: int) -> TransportError:
    why = _("the first {tried} of {count} keys of the agent were refused; the others were not tried")
    hint = _("Name the one key of the agent that is right: agent_key: SHA256:… (ssh-add -l shows it)")
    return address.error(TransportReason.AUTH_FAILED, why.format(tried=AGENT_KEYS, count=count), hint)


def _refusal(address: Address, login: Reach | Hop, refused: list[str]) -> TransportError:
    if not refused:
        return missing(address.label, "reach", _("no key, agent or password is declared"))
    why = _("login as {user} refused: {refused}").format(user=login.user, refused=", ".join(refused))
    hint = _("Try: ssh -p {port} {user}@{host}").format(port=address.port, user=login.user, host=address.host)
    return address.error(TransportReason.AUTH_FAILED, why, hint)
