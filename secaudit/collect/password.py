"""sudo that asks for a password: answered once, only when it asks, and never into anything else."""

from collections.abc import Callable

from secaudit.collect.answers import Answers
from secaudit.collect.gaps import gap_of
from secaudit.errors import TransportError
from secaudit.language import _
from secaudit.model.evidence import Gap, GapReason

ASKS, LETS_IN = b"?", b"!"


class Scan:
    """Counts a text in a stream of chunks; no byte is looked at more often than the text is long."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._tail = b""

    def feed(self, chunk: bytes) -> int:
        """How often the text ends in this chunk."""
        data = self._tail + chunk
        self._tail = data[max(len(data) - len(self._text) + 1, 0) :]
        return data.count(self._text)


class PasswordDialogue:
    """The dialogue of a visit with ``sudo: password`` (docs/adr/0009-how-root-is-had.md).

    First the script. The password goes out when the prompt with our nonce has come, once: a second prompt means
    that it was wrong, and each further attempt would bring a lockout nearer. The part for root goes out when
    root's shell has said that it reads.
    """

    def __init__(
        self, script: bytes, for_root: bytes, prompt: str, answers: Answers, password: Callable[[], str]
    ) -> None:
        self._answers = answers
        self._password = password
        self._for_root = for_root
        self._waiting = script
        self._asks, self._lets_in = (Scan(prompt.encode("ascii") + mark) for mark in (ASKS, LETS_IN))
        self._answered = self._let_in = False
        answers.sudo.keep_back(prompt.encode("ascii") + ASKS)

    @property
    def begun(self) -> bool:
        """See ``Dialogue.begun``."""
        return self._answers.started and not self._answers.sudo.is_asking

    def give(self) -> bytes | None:
        """See ``Dialogue.give``."""
        waiting, self._waiting = self._waiting, b""
        return waiting or (None if self._let_in else b"")

    def take(self, chunk: bytes) -> bool:
        """See ``Dialogue.take``."""
        wanted = self._answers.feed(chunk)
        if not self._answers.sudo.is_asking or self._let_in:
            return wanted
        asked = self._asks.feed(chunk)
        if self._lets_in.feed(chunk):
            self._let_in = True
            self._waiting = self._for_root
        elif asked:
            return self._answer(asked) and wanted
        return wanted

    def _answer(self, asked: int) -> bool:
        """Send the password the first time; False when there is none or it was wrong."""
        if self._answered or asked > 1:
            self._answers.sudo.refuse(Gap(GapReason.SUDO_REFUSED, _("sudo did not accept the password")))
            return False
        try:
            password = self._password().encode()
        except TransportError as error:
            self._answers.sudo.refuse(gap_of(error))
            return False
        self._answered = True
        self._answers.sudo.send_password(password)
        self._waiting = password + b"\n"
        return True
