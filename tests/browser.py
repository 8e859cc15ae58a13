"""A page in Chromium, asked over a pipe by the DevTools protocol: no port, no network, no library."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

OPTIONS: Final = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions"),
    *("--disable-background-networking", "--disable-component-update", "--remote-debugging-pipe"),
)


@dataclass(slots=True)
class Page:
    """A page; ``run`` evaluates an expression in it."""

    send: IO[bytes]
    receive: IO[bytes]
    session: str = ""
    last: int = 0
    errors: list[str] = field(default_factory=list)

    def call(self, method: str, **parameters: Any) -> Any:
        """The result of a command of the protocol; what the page complains of meanwhile goes to ``errors``."""
        self.last += 1
        asked = {"id": self.last, "method": method, "params": parameters}
        if self.session:
            asked["sessionId"] = self.session
        self.send.write(json.dumps(asked).encode() + b"\0")
        self.send.flush()
        while (told := self._told()).get("id") != self.last:
            if told.get("method") in ("Runtime.exceptionThrown", "Log.entryAdded"):
                self.errors.append(json.dumps(told["params"])[:500])
        assert "result" in told, told
        return told["result"]

    def _told(self) -> dict[str, Any]:
        said = bytearray()
        while (byte := self.receive.read(1)) != b"\0":
            assert byte, "Chromium has gone"
            said += byte
        return json.loads(said)  # type: ignore[no-any-return]

    def open(self, file: Path) -> None:
        """Load a file and wait until it can be used."""
        self.call("Page.navigate", url=file.as_uri())
        self.run(
            "new Promise(r => document.readyState === 'complete' ? r(1) : addEventListener('load', () => r(1)))"
        )

    def run(self, expression: str) -> Any:
        """The value of an expression, awaited where it is a promise."""
        found = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")


@contextmanager
def page(program: str, profile: Path) -> Iterator[Page]:
    """A new page; the browser ends with the block."""
    to_read, to_send = os.pipe()
    to_receive, to_write = os.pipe()
    os.set_inheritable(to_read, True)
    os.set_inheritable(to_write, True)

    def place() -> None:
        # the protocol wants these two numbers
        read, write = os.dup(to_read), os.dup(to_write)
        os.dup2(read, 3)
        os.dup2(write, 4)

    browser = subprocess.Popen(
        [program, *OPTIONS, f"--user-data-dir={profile}", "about:blank"],
        pass_fds=(3, 4),
        preexec_fn=place,  # noqa: PLW1509 - whoever asks a page has no threads
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(to_read)
    os.close(to_write)
    try:
        with os.fdopen(to_send, "wb") as send, os.fdopen(to_receive, "rb") as receive:
            made = Page(send, receive)
            target = made.call("Target.createTarget", url="about:blank")["targetId"]
            made.session = made.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Log"):
                made.call(f"{domain}.enable")
            yield made
    finally:
        browser.kill()
        browser.wait()
