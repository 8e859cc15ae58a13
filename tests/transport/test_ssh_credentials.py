"""Agents with many keys, and passwords where a server asks for them in a dialogue."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from paramiko.common import AUTH_FAILED, AUTH_SUCCESSFUL
from paramiko.server import InteractiveQuery

from secaudit.errors import TransportReason
from secaudit.model.register import Asset
from secaudit.transport import Secrets
from secaudit.transport.known_hosts import KnownHosts, host_name
from tests.transport.leaks import nothing_left
from tests.transport.server import Server, running_server, shell
from tests.transport.sshd import Sshd, make_key, running_sshd
from tests.transport.test_ssh_login import accept, failure, log_in

PASSWORD = "right"


def fingerprint_of(key: Path) -> str:
    """As ssh-add -l shows it."""
    told = subprocess.run(["ssh-keygen", "-lf", str(key)], check=True, capture_output=True, text=True)
    return told.stdout.split()[1]


def hold(folder: Path, count: int) -> list[Path]:
    """Make keys and give them to the agent, in this order."""
    keys = [folder / f"held{number}" for number in range(count)]
    for key in keys:
        make_key(key)
        subprocess.run(["ssh-add", "-q", str(key)], check=True, capture_output=True)
    return keys


def agent_asset(server: Sshd, fingerprint: str = "") -> Asset:
    """The server, with the agent as its only credential."""
    return server.asset(key="", agent=True, agent_key=fingerprint)


def test_only_the_first_keys_of_an_agent_are_offered(agent: Path, sshd: Sshd, tmp_path: Path) -> None:
    hold(tmp_path, 6)
    error = failure(agent_asset(sshd), sshd.workspace())
    assert error.reason is TransportReason.AUTH_FAILED
    assert "the first 5 of 6 keys" in str(error)
    assert error.hint is not None
    assert "agent_key" in error.hint


def test_the_key_of_the_agent_that_is_named_is_the_only_one_offered(agent: Path, tmp_path: Path) -> None:
    with running_sshd(tmp_path, "MaxAuthTries 1") as server:
        named = hold(tmp_path, 7)[-1]
        accept(server, named.with_suffix(".pub").read_text(encoding="utf-8"))
        with nothing_left():
            channel = log_in(agent_asset(server, fingerprint_of(named)), server.workspace())
    assert channel["auth"] == "agent"


def test_a_server_that_has_had_enough_of_keys(agent: Path, tmp_path: Path) -> None:
    hold(tmp_path, 4)
    with running_sshd(tmp_path, "MaxAuthTries 2") as server, nothing_left():
        error = failure(agent_asset(server), server.workspace())
    assert error.reason is TransportReason.AUTH_FAILED
    assert "MaxAuthTries" in str(error)


def test_a_named_key_that_the_agent_does_not_hold(agent: Path, sshd: Sshd, tmp_path: Path) -> None:
    hold(tmp_path, 1)
    make_key(tmp_path / "elsewhere")
    error = failure(agent_asset(sshd, fingerprint_of(tmp_path / "elsewhere")), sshd.workspace())
    assert error.reason is TransportReason.CREDENTIAL_MISSING
    assert "does not hold the key SHA256:" in str(error)


@dataclass(slots=True)
class Dialogues(Server):
    """Takes a password only in a dialogue (RFC 4256), as PAM asks for it."""

    prompts: tuple[tuple[str, bool], ...] = (("Password: ", False),)
    then: tuple[tuple[str, bool], ...] = ()
    heard: list[str] = field(default_factory=list)

    def get_allowed_auths(self, username: str) -> str:
        return "keyboard-interactive"

    def check_auth_password(self, username: str, password: str) -> int:
        return AUTH_FAILED

    def check_auth_interactive(self, username: str, submethods: str) -> InteractiveQuery:
        return InteractiveQuery("", "", *self.prompts)

    def check_auth_interactive_response(self, responses: list[str]) -> int | InteractiveQuery:
        self.heard += responses
        if self.then and len(self.heard) == len(self.prompts):
            return InteractiveQuery("", "", *self.then)
        return AUTH_SUCCESSFUL if self.heard == [self.password] else AUTH_FAILED


@dataclass(slots=True)
class WithCode(Dialogues):
    """Wants a code after the password."""

    then: tuple[tuple[str, bool], ...] = (("Verification code: ", True),)


@dataclass(slots=True)
class Shown(Dialogues):
    """Asks something whose answer is shown: no password."""

    prompts: tuple[tuple[str, bool], ...] = (("Verification code: ", True),)


@contextmanager
def asking(kind: type[Dialogues], folder: Path) -> Iterator[tuple[Dialogues, Asset]]:
    """A server that asks, trusted by the folder's workspace."""
    with running_server(shell, PASSWORD, kind) as server:
        assert isinstance(server, Dialogues)
        KnownHosts(folder / "known_hosts").add(host_name("127.0.0.1", server.port), server.key)
        yield server, server.asset(password="env:PW")


def test_a_password_is_the_answer_to_the_one_question(tmp_path: Path) -> None:
    with asking(Dialogues, tmp_path) as (server, asset):
        assert log_in(asset, tmp_path, Secrets([asset], {"PW": PASSWORD}))["auth"] == "password"
        assert server.heard == [PASSWORD]


def test_a_wrong_password_in_a_dialogue(tmp_path: Path) -> None:
    with asking(Dialogues, tmp_path) as (server, asset):
        error = failure(asset, tmp_path, Secrets([asset], {"PW": "wrong"}))
        assert server.heard == ["wrong"]
    assert error.reason is TransportReason.AUTH_FAILED
    assert "env:PW" in str(error)


@pytest.mark.parametrize(("kind", "heard"), [(WithCode, [PASSWORD, ""]), (Shown, [""])])
def test_nothing_else_is_answered_with_the_password(
    kind: type[Dialogues], heard: list[str], tmp_path: Path
) -> None:
    with asking(kind, tmp_path) as (server, asset):
        error = failure(asset, tmp_path, Secrets([asset], {"PW": PASSWORD}))
        assert server.heard == heard
    assert error.reason is TransportReason.AUTH_FAILED
    assert "more than a password" in str(error)


@pytest.mark.parametrize(
    "kind", [("rsa", "passphrase", "-b", "2048"), ("rsa", "passphrase", "-m", "PEM"), ("ecdsa", "passphrase")]
)
def test_encrypted_keys_of_other_kinds(kind: tuple[str, ...], sshd: Sshd, tmp_path: Path) -> None:
    accept(sshd, make_key(tmp_path / "key", *kind))
    asset = sshd.asset(key=f"file:{tmp_path}/key", passphrase="env:PASS")
    assert log_in(asset, sshd.workspace(), Secrets([asset], {"PASS": "passphrase"}))["auth"] == "key"
