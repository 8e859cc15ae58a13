"""A plug-in's transport behind its contract: what it delivers, or a TransportError that names it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from secaudit.errors import TransportError, TransportReason
from secaudit.plugin import API, TransportPlugin
from secaudit.plugins.guard import PluginBroken
from secaudit.plugins.transports import opener
from secaudit.transport import Limits, Secrets, Transport
from secaudit.transport.protocol import Dialogue, OneWay
from tests.unit.plugins.samples import ASSET, Loads, entry

ENTRY: Loads = entry("theirs", group="transports")


class Theirs:
    """Says what it is told to say, or raises what it is told to raise."""

    name = "theirs"

    def __init__(self, status: Any = 0, said: Any = b"hello", channel: Any = None, fault: Any = None) -> None:
        self._status, self._said, self._fault = status, said, fault
        self._channel = {"port": "1"} if channel is None else channel
        self.closed = 0

    @property
    def channel(self) -> Mapping[str, str]:
        found: Mapping[str, str] = self._channel
        return found

    def run(self, _command: str, dialogue: Dialogue, _limits: Limits) -> Any:
        if self._fault:
            raise self._fault
        assert (dialogue.begun, dialogue.give(), dialogue.give()) == (True, b"script", None)
        dialogue.take(self._said)
        return self._status

    def close(self) -> None:
        self.closed += 1
        raise OSError("gone")


def opened(theirs: Any) -> Transport:
    plugin = TransportPlugin(API, lambda _asset, _workspace, _secrets: theirs)
    return opener(ENTRY, plugin)(ASSET, Path(), Secrets([], {}))


def run(transport: Transport) -> tuple[int | None, bytes]:
    taken: list[bytes] = []

    def take(chunk: bytes) -> bool:
        taken.append(chunk)
        return True

    status = transport.run("sh", OneWay(b"script", take), Limits())
    return status, b"".join(taken)


def test_what_it_delivers_is_passed_on() -> None:
    theirs = Theirs()
    transport = opened(theirs)
    assert transport.name == "theirs"
    assert transport.channel == {"transport": "theirs"}
    assert run(transport) == (0, b"hello")
    assert transport.channel == {"transport": "theirs", "port": "1"}
    transport.close()
    transport.close()
    assert theirs.closed == 1


def test_an_error_of_the_contract_stays_what_it_is() -> None:
    fault = TransportError(TransportReason.AUTH_FAILED, "web", "web: no")
    with pytest.raises(TransportError) as found:
        run(opened(Theirs(fault=fault)))
    assert found.value is fault


@pytest.mark.parametrize(
    ("theirs", "why"),
    [
        (Theirs(fault=RuntimeError("hunter2")), "RuntimeError (test_transports.py:"),
        (Theirs(fault=SystemExit(3)), "SystemExit"),
        (Theirs(fault=TransportError("why", "web", "hunter2")), "without a reason"),  # type: ignore[arg-type]
        (Theirs(status="0"), "its exit status is no number: str"),
        (Theirs(status=True), "its exit status is no number: bool"),
        (Theirs(said="text"), "TypeError"),
        (Theirs(channel=7), "TypeError"),
        (Theirs(channel={"port": 22}), "TypeError"),
        (Theirs(channel={str(number): "" for number in range(100)}), "TypeError"),
        (object(), "AttributeError"),
        (None, "AttributeError"),
    ],
)
def test_anything_else_is_a_broken_plugin(theirs: Any, why: str) -> None:
    transport = opened(theirs)
    with pytest.raises(TransportError) as found:
        run(transport)
    transport.close()
    assert found.value.reason is TransportReason.PLUGIN_BROKEN
    assert str(found.value).startswith("web: plug-in theirs 1.0, secaudit.transports: theirs: ")
    assert why in str(found.value)
    assert "hunter2" not in str(found.value)


def test_one_that_could_not_be_loaded_opens_and_says_so_when_it_runs() -> None:
    transport = opener(ENTRY, PluginBroken(ENTRY, "no such module"))(ASSET, Path(), Secrets([], {}))
    with pytest.raises(TransportError, match="no such module") as found:
        run(transport)
    assert found.value.reason is TransportReason.PLUGIN_BROKEN


def test_long_words_of_a_channel_are_cut() -> None:
    transport = opened(Theirs(channel={"banner": "x" * 10_000}))
    run(transport)
    assert len(transport.channel["banner"]) == 500
