"""What ``sshd -T`` printed for each kind of connection, and typed access to it: sshd(8), sshd_config(5)."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from secaudit.facts.config_files import number
from secaudit.facts.fact import Evidence, GapFound, decoded
from secaudit.facts.sshd_probe import SSHD
from secaudit.model.evidence import GapReason

# RHEL 8 and its kin, openEuler and Kylin hand the policy of the system to their daemon in its arguments: hundreds of
# characters that every update of the policy changes name no other daemon.
_POLICY = re.compile(
    r" -o (?:Ciphers|MACs|KexAlgorithms|GSSAPIKexAlgorithms|GSSAPIKeyExchange|HostKeyAlgorithms|CASignatureAlgorithms"
    r"|(?:Pubkey|Hostbased)Accepted(?:KeyTypes|Algorithms)|RequiredRSASize|RSAMinSize)=\S+",
    re.IGNORECASE,
)
_USUAL = ("/usr/sbin/sshd", "/usr/bin/sshd")


@dataclass(frozen=True, slots=True)
class Answer:
    """What ``sshd -T`` printed for one connection: keyword → values in their order; ``number``: the Match block."""

    daemon: str
    number: str
    kind: str
    values: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Match:
    """A connection of a Match block: whether it could be asked for, as whom, what the block sets, its line."""

    daemon: str
    number: str
    resolved: bool
    user: str
    sets: tuple[str, ...]
    line: str


@dataclass(frozen=True, slots=True)
class SshdAnswers:
    """The output of the probe; no answers where no daemon is installed.

    ``refused``: ``sshd -T`` failed (a broken configuration; /run/sshd is missing while the daemon never ran and is
    older than OpenSSH 9.3, which knows -G).
    """

    installed: bool
    answers: tuple[Answer, ...] = ()
    matches: tuple[Match, ...] = ()
    refused: bool = False


def parse_sshd(text: str) -> SshdAnswers:
    """``#branch default root``, ``permitrootlogin no`` …, ``#match 1 1 0 user=… -,x Match …``; raises GapFound."""
    if text.strip() == "#absent":
        return SshdAnswers(False)
    asked: list[tuple[str, list[str], dict[str, list[str]]]] = []
    matches: list[Match] = []
    values: dict[str, list[str]] = {}
    daemon = ""
    for line in text.split("\n"):
        if line == "#failed":
            return SshdAnswers(True, refused=True)
        if line == "#unclear":
            raise GapFound(GapReason.NOT_SUPPORTED, f"sshd runs in a way that cannot be asked: {daemon[:80]}")
        if line.startswith("#daemon "):
            daemon = line.removeprefix("#daemon ").strip()
        elif line.startswith("#branch "):
            values = {}
            asked.append((daemon, line.split(), values))
        elif line.startswith("#match "):
            matches.append(_match(line, daemon))
        elif line:
            key, _, value = line.partition(" ")
            values.setdefault(key.lower(), []).append(value.strip())
    if not any(said for _, _, said in asked):
        raise GapFound(GapReason.UNPARSABLE, "sshd -T said nothing")
    return SshdAnswers(True, tuple(_answer(*one) for one in asked), tuple(matches))


def _answer(daemon: str, words: list[str], said: Mapping[str, list[str]]) -> Answer:
    if len(words) != 3:
        raise GapFound(GapReason.UNPARSABLE, " ".join(words)[:80])
    return Answer(daemon, words[1], words[2], {key: tuple(values) for key, values in said.items()})


def _match(line: str, daemon: str) -> Match:
    words = line.split(None, 6)
    if len(words) < 7:
        raise GapFound(GapReason.UNPARSABLE, line[:80])
    sets = tuple(word for word in words[5].split(",") if word != "-")
    user = words[4].partition(",")[0].removeprefix("user=")
    return Match(daemon, words[1], words[2] == "1", user, sets, words[6])


def bearing_on(found: SshdAnswers, keywords: Collection[str]) -> tuple[tuple[Answer, Match | None], ...]:
    """The answers of the default and of each Match block that sets one of the keywords; raises GapFound."""
    matches = {(match.daemon, match.number): match for match in found.matches}
    setting = {key for key, match in matches.items() if {"include", *keywords} & set(match.sets)}
    for key in setting:
        if not matches[key].resolved:
            raise GapFound(GapReason.NOT_SUPPORTED, f"{matches[key].line}: not known whom it means")
    if len(found.matches) >= 60:
        raise GapFound(GapReason.TRUNCATED, "more Match blocks than are asked for")
    named = [((answer.daemon, answer.number), answer) for answer in found.answers]
    return tuple((answer, matches.get(key)) for key, answer in named if key not in matches or key in setting)


def branch_name(answer: Answer, match: Match | None) -> str:
    """``default``, or the Match line; the daemon behind it where it is not the system's own."""
    line = match.line if match else "default"
    own = _POLICY.sub("", answer.daemon)
    if not own or (own != answer.daemon and own in _USUAL):
        return line
    return f"{line} ({own})"


class Settings:
    """Typed access to one answer; a keyword that must be there and is not is a gap."""

    def __init__(self, answer: Answer) -> None:
        self.values = answer.values

    def all(self, key: str) -> tuple[str, ...]:
        return self.values.get(key, ())

    def one(self, *keys: str) -> str:
        for key in keys:
            if self.values.get(key):
                return self.values[key][0].lower()
        raise GapFound(GapReason.UNPARSABLE, f"sshd -T names no {keys[0]}")

    def yes(self, *keys: str) -> bool:
        return self.one(*keys) == "yes"

    def integer(self, key: str) -> int:
        return number(self.one(key), key)

    def words(self, key: str) -> tuple[str, ...]:
        """Values on one or several lines; ``any`` and ``none`` stand for nothing."""
        found = tuple(word for value in self.all(key) for word in value.split())
        return () if found in (("any",), ("none",)) else found

    def list(self, key: str) -> tuple[str, ...]:
        return tuple(word for word in self.one(key).split(",") if word)


def answers_of(evidence: Evidence) -> SshdAnswers:
    """What the daemons answered; raises GapFound where one refused."""
    found = evidence.parsed(SSHD.id, parse_sshd)
    if found.refused:
        complaint = decoded(evidence.observation(SSHD.id).errors).strip().partition("\n")[0]
        why = "it has not run since the system started; " if "privilege separation" in complaint else ""
        raise GapFound(GapReason.FAILED, f"sshd -T: {why}{complaint[:200].strip()}")
    return found
