"""The transport ``gently``: this machine, its commands at the lowest priority (nice(1))."""

import itertools
import subprocess
from collections.abc import Mapping
from pathlib import Path

from secaudit.plugin import API, Asset, TransportPlugin
from secaudit.plugin.transport import Dialogue, Limits, Secrets, TransportError, TransportReason


class Gently:
    """One visit."""

    name = "gently"

    def __init__(self, asset_id: str) -> None:
        self._asset_id = asset_id
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def channel(self) -> Mapping[str, str]:
        """How it was reached."""
        return {"priority": "19"}

    def run(self, command: str, dialogue: Dialogue, limits: Limits) -> int | None:
        """Give all there is to give, then hear all it says; what a plug-in raises as TransportError is the gap."""
        self._process = subprocess.Popen(
            ["nice", "-n", "19", "/bin/sh", "-c", command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
        )
        try:
            output, _errors = self._process.communicate(given(dialogue), timeout=limits.visit_s)
        except subprocess.TimeoutExpired:
            why = f"{self._asset_id}: not done in {limits.visit_s:.0f} s."
            raise TransportError(TransportReason.VISIT_TIMEOUT, self._asset_id, why) from None
        dialogue.take(output)
        return self._process.returncode

    def close(self) -> None:
        """End what is left."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()


def given(dialogue: Dialogue) -> bytes:
    """The whole input; a dialogue that waits for an answer first (``sudo: password``) gets none of this transport."""
    pieces = iter(dialogue.give, None)
    return b"".join(itertools.takewhile(bool, pieces))


def open_gently(asset: Asset, workspace: Path, secrets: Secrets) -> Gently:
    """Nothing is started yet."""
    return Gently(asset.id)


PLUGIN = TransportPlugin(API, open_gently)
