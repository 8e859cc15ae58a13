"""Passwords that are older than the host itself: they came with an image or template, and every copy has them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from secaudit.facts.account_ageing import PasswordAge
from secaudit.facts.config_files import number
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.shadow_file import epoch_day
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# A host gets its own machine-id(5) and SSH keys when it first starts. Either may be made anew later: the older counts.
BIRTH = Probe(
    "identity.birth",
    """stat -L -c '%Y %n' /etc/machine-id /etc/ssh/ssh_host_*_key 2>/dev/null
echo end""",
    reduces=Text("只取文件的时间", "times of files only"),
)
_LAST_DAY = 2_932_896  # 9999-12-31


@dataclass(frozen=True, slots=True)
class ImagePassword:
    """The password of an account that can log in: the days it and the host are from, ISO.

    ``changed`` is ``unrecorded`` where shadow(5) has no day, ``next login`` where it must be changed then.
    ``from_image``: it was last changed before the host had an identity of its own.
    """

    name: str
    changed: str
    host_since: str
    from_image: bool


def parse_birth(text: str) -> datetime:
    """``1700000000 /etc/machine-id`` and the keys → the oldest; raises GapFound where either is missing."""
    lines = text.removesuffix("\n").split("\n")
    if lines[-1] != "end":
        raise GapFound(GapReason.TRUNCATED, "the list of times is cut off")
    times = {path: value for value, _, path in (line.partition(" ") for line in lines[:-1])}
    if "/etc/machine-id" not in times or len(times) < 2:
        raise GapFound(GapReason.NOT_SUPPORTED, "this host has no machine-id, or no SSH keys of its own")
    oldest = min(number(value, path) for path, value in times.items())
    if not 0 <= oldest // 86_400 <= _LAST_DAY:
        raise GapFound(GapReason.UNPARSABLE, f"time of a file: {oldest}")
    return datetime.fromtimestamp(oldest, UTC)


def image_passwords(born: datetime, ages: Iterable[PasswordAge]) -> tuple[ImagePassword, ...]:
    """The accounts of ``ages`` that can log in; raises GapFound for a day that is none."""
    first = epoch_day(born)
    return tuple(
        ImagePassword(
            name=who.name,
            changed=_told(who.last_change_epoch_day),
            host_since=born.date().isoformat(),
            from_image=0 < who.last_change_epoch_day < first,
        )
        for who in ages
        if who.can_log_in
    )


def _told(day: int) -> str:
    if day <= 0:
        return "next login" if day == 0 else "unrecorded"
    if day > _LAST_DAY:
        raise GapFound(GapReason.UNPARSABLE, f"day of a password: {day}")
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


def build_image_passwords(evidence: Evidence) -> tuple[ImagePassword, ...]:
    """The passwords of the asset with their days."""
    return image_passwords(parse_birth(evidence.text(BIRTH.id)), evidence.fact("account_ageing"))


IMAGE_PASSWORDS = Fact(
    "image_passwords",
    Text("镜像带来的口令", "Passwords that came with an image"),
    tuple[ImagePassword, ...],
    build_image_passwords,
    (BIRTH,),
    uses=("account_ageing",),
)
