"""Whether mail to an account of this host leaves it: notices of tools, of cron and of the audit daemon go that way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from secaudit.facts.config_files import DIGITS
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.mail_probe import MAIL
from secaudit.facts.mail_servers import server_of
from secaudit.facts.processes import PROCESSES_FACT, Processes
from secaudit.facts.sections import whole_sections
from secaudit.model.evidence import GapReason
from secaudit.model.text import Text

MOST_STEPS = 10
MOST_NAMES = 2000
_LOCAL = ("localhost", "localhost.localdomain")


@dataclass(frozen=True, slots=True)
class MailName:
    """An alias, or root with its .forward: ``to`` are names of this host, ``@domain`` elsewhere, ``?`` for the rest."""

    name: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MailDelivery:
    """``server`` takes the mail, ``none`` without one. ``sends``: it hands mail on to other hosts: yes, no, ``?``.

    ``passes_on``: so with all mail for accounts here. ``own`` are domains that it keeps. ``certain``: what is read here
    of its names is all that it goes by. ``root_reaches``: mail to root ends elsewhere (yes), on this host (no), ``?``.
    """

    server: str
    sends: str
    passes_on: bool
    own: tuple[str, ...]
    certain: bool
    names: tuple[MailName, ...]
    root_reaches: str


def delivery(text: str, processes: Processes) -> MailDelivery:
    """Sections of the probe → MailDelivery; raises GapFound."""
    parts = whole_sections(text, "the look at mail is cut off")
    server = server_of(parts, processes)
    stale = server.compiled and _is_stale(parts.get("names", []))
    names = () if stale else _names([*parts.get("names", []), *parts.get("forward", [])])
    certain = server.certain and not stale
    own = tuple(sorted({*server.own, *_LOCAL}))
    found = MailDelivery(server.name, server.sends, server.passes_on, own, certain, names, "no")
    return replace(found, root_reaches=_best([reaches(found, name) for name in server.root or ("root",)]))


def reaches(mail: MailDelivery, recipient: str) -> str:
    """Whether mail to ``root``, ``@office.cn`` or ``root@localhost`` comes to somebody elsewhere: yes, no, ``?``.

    A mailbox of root stays here, unread by the rule; that of another account may be somebody's.
    """
    known = {name.name: name.to for name in mail.names}
    seen: set[str] = set()
    ends: list[str] = []
    waiting = [recipient]
    for _ in range(MOST_STEPS):
        following = [word for word in waiting if word not in seen]
        seen.update(following)
        waiting = [word for name in following for word in _next(mail, known, name, ends)]
    return "?" if waiting and "yes" not in ends else _best(ends)


def _next(
    mail: MailDelivery, known: Mapping[str, Sequence[str]], word: str, ends: list[str]
) -> Sequence[str]:
    """What a name stands for; where it ends is noted in ``ends``."""
    kept, _, domain = word.partition("@")
    local = kept.lower().removeprefix("\\")
    if mail.server == "none" or word == "/dev/null":
        ends.append("no")
    elif word == "?" or (not local and domain.lower() in mail.own):
        ends.append("?")
    elif (domain and domain.lower() not in mail.own) or mail.passes_on:
        ends.append(mail.sends)
    elif local in known and not kept.startswith("\\"):
        return known[local]
    else:
        ends.append("no" if local == "root" and mail.certain else "?")
    return ()


def _best(ends: Sequence[str]) -> str:
    return next((way for way in ("yes", "?") if way in ends), "no")


def _names(lines: Sequence[str]) -> tuple[MailName, ...]:
    """``root: audit @office.cn`` → MailName; a later line of the same name adds nothing where it is the .forward."""
    rows = [line.partition(":") for line in lines if not line.startswith("= ")]
    if len(rows) > MOST_NAMES:
        raise GapFound(GapReason.TRUNCATED, "more aliases than are read")
    found: dict[str, tuple[str, ...]] = {}
    for name, _, to in rows:
        found.setdefault(name.strip(), tuple(word for word in to.split() if word != f"\\{name.strip()}"))
    return tuple(MailName(name, to) for name, to in found.items())


def _is_stale(lines: Sequence[str]) -> bool:
    """Whether no compiled table is as new as /etc/aliases: ``= aliases.db 1796000000``."""
    times = {words[1]: words[2] for line in lines if len(words := line.split()) == 3 and words[0] == "="}
    written = {name: int(time) for name, time in times.items() if time.isdigit() and len(time) <= DIGITS}
    source = written.pop("aliases", None)
    return source is not None and max(written.values(), default=-1) < source


def build_mail_delivery(evidence: Evidence) -> MailDelivery:
    """How mail leaves the asset."""
    return delivery(evidence.text(MAIL.id), evidence.fact(PROCESSES_FACT.name))


MAIL_DELIVERY = Fact(
    "mail_delivery",
    Text("本机邮件的去向", "Where mail of this host goes"),
    MailDelivery,
    build_mail_delivery,
    (MAIL,),
    (PROCESSES_FACT.name,),
)
