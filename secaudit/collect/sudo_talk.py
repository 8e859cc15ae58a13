"""What passed between us and sudo in one visit: whether it asked, what it said, what became of the password."""

import re

from secaudit.collect.sudo import sudo_gap, sudo_text
from secaudit.model.evidence import Gap

# sudo says so once the password was right
BY_RULE = re.compile(rb"not in the sudoers file|may not run|is not allowed to ")


class SudoTalk:
    """``report`` is its errors and status, once it has ended; ``let_in`` is for whoever hears root's part begin."""

    def __init__(self) -> None:
        self.report: bytes | None = None
        self.refusal: Gap | None = None
        self._started = False
        self._let_in = False
        self._said = b""
        self._kept_back: list[bytes] = []
        self._password_sent = False

    def start(self) -> None:
        """It was begun on the channel itself."""
        self._started = True

    def let_in(self) -> None:
        """The part for root has begun."""
        self._let_in = True

    def hear(self, said: bytes) -> None:
        """What it said on the channel; only the first frame of it counts."""
        self._said = self._said or said

    def end(self, report: bytes) -> None:
        """It has ended; only the first report counts."""
        if self.report is None:
            self.report = report

    def refuse(self, gap: Gap) -> None:
        """Nothing is asked as root, for that reason."""
        self.refusal = gap

    def keep_back(self, secret: bytes) -> None:
        """Of what it says tell only what follows on that text, and never the text."""
        self._kept_back.append(secret)

    def send_password(self, password: bytes) -> None:
        """It is about to be sent."""
        self._password_sent = True
        self.keep_back(password)

    @property
    def is_asking(self) -> bool:
        """Whether it, started on the channel itself, has neither let the part for root begin nor ended."""
        return self._started and not self._let_in and self.report is None

    @property
    def password(self) -> str:
        """What became of the password: "" where none was sent; what is not known to be accepted counts as refused."""
        if not self._password_sent:
            return ""
        by_rule = BY_RULE.search(self._lines() + (self.report or b""))
        return "accepted" if self._let_in or by_rule else "refused"

    def why_refused(self) -> Gap | None:
        """Our reason not to ask as root, with what sudo said; None where we had none."""
        if self.refusal is None:
            return None
        return Gap(self.refusal.reason, sudo_text(self.refusal.detail, self._lines()))

    def why_ended(self, user: str) -> Gap | None:
        """Why it ended although root's part was not through; None while it has not ended."""
        if self.report is None:
            return None
        return sudo_gap(self._lines() + self.report, user, self._let_in)

    def _lines(self) -> bytes:
        """What it said on the channel, after it asked where it did, as lines of a report."""
        said = self._said
        for secret in filter(None, self._kept_back):
            before, found, after = said.partition(secret)
            said = after.replace(secret, b"") if found else before
        return b"".join(b"e" + line.strip() + b"\n" for line in said.split(b"\n") if line.strip())
