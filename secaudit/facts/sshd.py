"""The SSH daemons as they are configured for every kind of connection: sshd(8) -T, sshd_config(5)."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import pairwise

from secaudit.facts.accounts import PASSWD
from secaudit.facts.config_files import number
from secaudit.facts.fact import Evidence, Fact, GapFound, decoded
from secaudit.facts.groups import GROUP, Group
from secaudit.facts.sshd_probe import DECIDING, SSHD
from secaudit.model.evidence import GapReason
from secaudit.model.text import Text

# RHEL 8 and its kin, openEuler and Kylin hand the policy of the system to their daemon in its arguments: hundreds of
# characters that every update of the policy changes name no other daemon.
_POLICY = re.compile(
    r" -o (?:Ciphers|MACs|KexAlgorithms|GSSAPIKexAlgorithms|GSSAPIKeyExchange|HostKeyAlgorithms|CASignatureAlgorithms"
    r"|(?:Pubkey|Hostbased)Accepted(?:KeyTypes|Algorithms)|RequiredRSASize|RSAMinSize)=\S+",
    re.IGNORECASE,
)
_USUAL = ("/usr/sbin/sshd", "/usr/bin/sshd")


@dataclass(frozen=True, slots=True)
class SshdInstalled:
    """Whether an SSH daemon is installed here."""

    installed: bool


@dataclass(frozen=True, slots=True)
class SshdBranch:
    """What holds for one kind of connection: ``default``, or the Match line that sets something.

    A daemon that is not the system's own, or has options of its own, is named behind it.

    ``user`` is ``any`` or ``root``: whose connection was asked for. ``from_some_addresses_only``: the Match line names
    addresses or hosts. ``root_login``: ``no``, ``key`` (keys only, or only forced commands), ``password``; AllowUsers,
    DenyUsers and the groups are taken into account. ``root_from_some_addresses_only``: root is let in from named
    addresses only. ``passwords``: some way of logging in takes a password.
    ``second_method_required``: AuthenticationMethods asks for a key and a password (or what PAM asks) together,
    whichever choice is taken. ``always_password``: nobody gets in without a password (or what PAM asks).
    """

    branch: str
    user: str
    from_some_addresses_only: bool
    root_login: str
    root_from_some_addresses_only: bool
    passwords: bool
    public_keys: bool
    permit_empty_passwords: bool
    hostbased: bool
    ignore_rhosts: bool
    use_pam: bool
    authentication_methods: tuple[str, ...]
    second_method_required: bool
    always_password: bool
    max_auth_tries: int
    login_grace_time_s: int
    client_alive_interval_s: int
    channel_timeout: str
    log_level: str
    allow_users: tuple[str, ...]
    allow_groups: tuple[str, ...]
    deny_users: tuple[str, ...]
    deny_groups: tuple[str, ...]
    ciphers: tuple[str, ...]
    macs: tuple[str, ...]
    kex_algorithms: tuple[str, ...]
    host_key_algorithms: tuple[str, ...]
    permit_user_environment: bool
    ports: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What ``sshd -T`` printed for one connection: keyword → values in their order; ``number``: the Match block."""

    daemon: str
    number: str
    kind: str
    values: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Match:
    """A Match block: whether a connection it means could be asked for, as whom, what it sets, its line."""

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


def branches(found: SshdAnswers, groups: Sequence[Group]) -> tuple[SshdBranch, ...]:
    """Every branch that sets something of DECIDING; raises GapFound for one whose connections could not be made up."""
    of_root = {group.name for group in groups if "root" in group.members}
    return tuple(_branch(answer, match, of_root) for answer, match in bearing_on(found, DECIDING))


def bearing_on(found: SshdAnswers, keywords: Collection[str]) -> tuple[tuple[Answer, Match | None], ...]:
    """The answers of the default and of each Match block that sets one of the keywords; raises GapFound."""
    matches = {(match.daemon, match.number): match for match in found.matches}
    setting = {key for key, match in matches.items() if {"include", *keywords} & set(match.sets)}
    for key in setting:
        if not matches[key].resolved:
            raise GapFound(GapReason.NOT_SUPPORTED, f"{matches[key].line}: not known whom it means")
    if len(found.matches) >= 30:
        raise GapFound(GapReason.TRUNCATED, "more than 30 Match blocks")
    named = [((answer.daemon, answer.number), answer) for answer in found.answers]
    return tuple((answer, matches.get(key)) for key, answer in named if key not in matches or key in setting)


def branch_name(answer: Answer, match: Match | None) -> str:
    """``default``, or the Match line; the daemon behind it where it is not the system's own."""
    line = match.line if match else "default"
    own = _POLICY.sub("", answer.daemon)
    if not own or (own != answer.daemon and own in _USUAL):
        return line
    return f"{line} ({own})"


def _branch(answer: Answer, match: Match | None, root_groups: set[str]) -> SshdBranch:
    seen = Settings(answer)
    line = match.line if match else "default"
    as_root = answer.kind == "root" or (match is not None and match.user == "root")
    passwords = seen.yes("passwordauthentication") or seen.yes(
        "kbdinteractiveauthentication", "challengeresponseauthentication"
    )
    methods = seen.words("authenticationmethods")
    narrow = _names_addresses(line)
    return SshdBranch(
        branch=branch_name(answer, match),
        user="root" if as_root else "any",
        from_some_addresses_only=narrow,
        root_login=_root_login(seen, passwords, root_groups),
        root_from_some_addresses_only=narrow or _root_only_from_addresses(seen),
        passwords=passwords and not _excludes_passwords(methods),
        public_keys=seen.yes("pubkeyauthentication"),
        permit_empty_passwords=seen.yes("permitemptypasswords"),
        hostbased=seen.yes("hostbasedauthentication"),
        ignore_rhosts=seen.one("ignorerhosts") != "no",
        # An sshd that was built without PAM does not know the word.
        use_pam=bool(seen.all("usepam")) and seen.yes("usepam"),
        authentication_methods=methods,
        second_method_required=bool(methods)
        and all(_kinds(method) >= {"key", "password"} for method in methods),
        always_password=_always_password(seen, methods),
        max_auth_tries=seen.integer("maxauthtries"),
        login_grace_time_s=seen.integer("logingracetime"),
        client_alive_interval_s=seen.integer("clientaliveinterval"),
        channel_timeout=" ".join(seen.words("channeltimeout")) or "none",
        log_level=seen.one("loglevel"),
        allow_users=seen.words("allowusers"),
        allow_groups=seen.words("allowgroups"),
        deny_users=seen.words("denyusers"),
        deny_groups=seen.words("denygroups"),
        ciphers=seen.list("ciphers"),
        macs=seen.list("macs"),
        kex_algorithms=seen.list("kexalgorithms"),
        host_key_algorithms=seen.list("hostkeyalgorithms"),
        permit_user_environment=seen.one("permituserenvironment") != "no",
        ports=tuple(number(port, "port") for port in seen.all("port")),
    )


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


def _root_login(seen: Settings, passwords: bool, root_groups: set[str]) -> str:
    permit = seen.one("permitrootlogin")
    if permit == "no" or not _root_is_admitted(seen, root_groups):
        return "no"
    return "password" if permit == "yes" and passwords else "key"


def _root_is_admitted(seen: Settings, root_groups: set[str]) -> bool:
    """DenyUsers, AllowUsers, DenyGroups, AllowGroups in the order of sshd_config(5)."""
    denied, allowed = seen.words("denyusers"), seen.words("allowusers")
    if any(_means_root(pattern) and "@" not in pattern for pattern in denied):
        return False
    if allowed and not any(_means_root(pattern) for pattern in allowed):
        return False
    if _any_group(seen.words("denygroups"), root_groups):
        return False
    groups = seen.words("allowgroups")
    return not groups or _any_group(groups, root_groups)


def _means_root(pattern: str) -> bool:
    return fnmatchcase("root", pattern.partition("@")[0])


def _any_group(patterns: Sequence[str], groups: set[str]) -> bool:
    return any(fnmatchcase(group, pattern) for pattern in patterns for group in groups)


def _root_only_from_addresses(seen: Settings) -> bool:
    """AllowUsers lets root in, and only as ``root@somewhere``."""
    meant = [pattern for pattern in seen.words("allowusers") if _means_root(pattern)]
    return bool(meant) and all(
        "@" in pattern and not _is_anywhere(pattern.partition("@")[2]) for pattern in meant
    )


def _names_addresses(line: str) -> bool:
    """``Match User root Address 10.0.0.5`` → True; ``Address *,!10.0.0.5`` means nearly everywhere → False."""
    words = line.replace('"', "").split()
    return any(
        not _has_anywhere(patterns)
        for criterion, patterns in pairwise(words)
        if criterion.lower() in ("address", "host")
    )


def _has_anywhere(patterns: str) -> bool:
    return any(_is_anywhere(pattern) for pattern in patterns.split(",") if not pattern.startswith("!"))


def _is_anywhere(pattern: str) -> bool:
    """``*``, ``0.0.0.0/0``, ``::/0`` and ``*.*.*.*`` name no address in particular."""
    return not pattern.partition("/")[0].strip("*?.:0")


def _kinds(methods: str) -> set[str]:
    """``publickey,keyboard-interactive:pam`` → {"key", "password"}; hostbased vouches for a machine."""
    kinds = {"publickey": "key", "password": "password", "keyboard-interactive": "password"}
    return {kinds[word] for method in methods.split(",") if (word := method.partition(":")[0]) in kinds}


def _always_password(seen: Settings, methods: Sequence[str]) -> bool:
    if methods:
        return all("password" in _kinds(method) for method in methods)
    others = (
        "pubkeyauthentication",
        "hostbasedauthentication",
        "gssapiauthentication",
        "kerberosauthentication",
    )
    return not any(seen.all(key) and seen.yes(key) for key in others)


def _excludes_passwords(methods: Sequence[str]) -> bool:
    """Every choice of AuthenticationMethods goes without a password."""
    return bool(methods) and not any("password" in m or "keyboard-interactive" in m for m in methods)


def build_sshd_installed(evidence: Evidence) -> SshdInstalled:
    """Whether sshd is here."""
    return SshdInstalled(evidence.parsed(SSHD.id, parse_sshd).installed)


def answers_of(evidence: Evidence) -> SshdAnswers:
    """What the daemons answered; raises GapFound where one refused."""
    found = evidence.parsed(SSHD.id, parse_sshd)
    if found.refused:
        complaint = decoded(evidence.observation(SSHD.id).errors).strip().partition("\n")[0]
        why = "it has not run since the system started; " if "privilege separation" in complaint else ""
        raise GapFound(GapReason.FAILED, f"sshd -T: {why}{complaint[:200].strip()}")
    return found


def build_sshd_branches(evidence: Evidence) -> tuple[SshdBranch, ...]:
    """The branches; empty where no sshd is installed."""
    return branches(answers_of(evidence), evidence.fact("groups"))


SSHD_INSTALLED = Fact(
    "sshd_installed",
    Text("SSH服务是否安装", "SSH daemon installed"),
    SshdInstalled,
    build_sshd_installed,
    (SSHD,),
)
SSHD_BRANCHES = Fact(
    "sshd_branches",
    Text("SSH服务的生效配置", "Effective configuration of the SSH daemon"),
    tuple[SshdBranch, ...],
    build_sshd_branches,
    (SSHD, PASSWD, GROUP),
    uses=("groups",),
)
