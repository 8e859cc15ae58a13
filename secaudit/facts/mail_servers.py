"""What takes the mail of a host, and whether it hands it on: postconf(5), update-exim4.conf(8), nullmailer(7)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from secaudit.facts.processes import Processes

_BY_LINK = {
    "exim4": "exim",
    "sendmail.postfix": "postfix",
    "sendmail.sendmail": "sendmail",
    "smtpctl": "opensmtpd",
}
_KNOWN = frozenset({"exim", "msmtp", "dma", "ssmtp", "busybox", *_BY_LINK.values()})
_EXIM = {"internet": "yes", "smarthost": "yes", "satellite": "yes", "local": "no"}
_VARIABLE = re.compile(r"\$[({]?(myhostname|mydomain|myorigin)[)}]?")
# Settings of Postfix that lead mail where aliases do not say.
_REWRITES = (
    *("virtual_alias_maps", "virtual_maps", "canonical_maps", "recipient_canonical_maps", "transport_maps"),
    *("luser_relay", "local_transport"),
)

Parts = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Server:
    """As in MailDelivery. ``root``: where it sends mail to root. ``compiled``: it reads aliases from a table."""

    name: str
    sends: str = "?"
    passes_on: bool = False
    own: tuple[str, ...] = ()
    certain: bool = False
    root: tuple[str, ...] = ()
    compiled: bool = False


def server_of(parts: Parts, processes: Processes) -> Server:
    """The program behind sendmail(8), and its settings as far as they are read here."""
    takes = list(parts.get("takes", []))
    has = {line.removeprefix("has ") for line in takes if line.startswith("has ")}
    links = [line for line in takes if not line.startswith("has ")]
    match _name(links, has):
        case "postfix":
            return _postfix(_pairs(parts.get("postfix", [])), _own(parts), processes)
        case "exim" if "exim4.conf" not in has and parts.get("exim"):
            return _exim(_pairs(parts["exim"]), _own(parts))
        case "nullmailer" | "ssmtp" as name:
            return _small(name, [line.split() for line in parts.get("small", [])], processes)
        case "dma":
            return Server("dma", "yes", own=_own(parts), certain=True)
        case name:
            return Server(name, "no" if name == "none" else "?", certain=name == "none")


def _name(links: Sequence[str], has: set[str]) -> str:
    if not links:
        return "none"
    name = _BY_LINK.get(links[0], links[0])
    if name == "sendmail":
        return "postfix" if "postfix" in has else "nullmailer" if "nullmailer-send" in has else "sendmail"
    return name if name in _KNOWN else "other"


def _pairs(lines: Sequence[str]) -> dict[str, str]:
    return {key: value.strip() for key, _, value in (line.partition("=") for line in lines)}


def _own(parts: Parts) -> tuple[str, ...]:
    """The name of the host, and the one that its mail bears."""
    return tuple(line.removeprefix("mailname ").strip().lower() for line in parts.get("own", []))[:2]


def _postfix(told: Mapping[str, str], own: tuple[str, ...], processes: Processes) -> Server:
    """Whatever bears no domain gets that of myorigin, and stays here where mydestination has it."""
    host = told.get("myhostname") or (own[0] if own else "localhost")
    values = {"myhostname": host, "mydomain": told.get("mydomain") or host.partition(".")[2] or "localdomain"}
    origin = _expanded(told.get("myorigin", "$myhostname"), values)
    values["myorigin"] = own[-1] if origin == "/etc/mailname" and own else origin
    kept = _expanded(told.get("mydestination", "$myhostname, localhost.$mydomain, localhost"), values)
    domains = re.split(r"[ ,]+", kept.strip())
    plain = all(re.fullmatch(r"[a-z0-9.-]*", word) for word in (*domains, values["myorigin"]))
    certain = plain and "/etc/aliases" in told.get("alias_maps", "hash:/etc/aliases")
    runs = "master" in processes.of_root
    # Debian's setting for mail that stays: whatever would leave is an error.
    refuses = told.get("default_transport", "").startswith(("error", "discard"))
    return Server(
        "postfix",
        "no" if refuses or not runs else "yes",
        passes_on=plain and values["myorigin"] not in domains,
        own=tuple(word for word in domains if word),
        certain=certain and not any(told.get(name) for name in _REWRITES),
        compiled=True,
    )


def _expanded(text: str, values: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text).lower()


def _exim(told: Mapping[str, str], own: tuple[str, ...]) -> Server:
    """What bears no domain gets that of /etc/mailname, which may be this host's full name or another's."""
    kind = told.get("dc_eximconfig_configtype", "")
    sends = _EXIM.get(kind, "?")
    if kind in ("smarthost", "satellite") and not told.get("dc_smarthost"):
        sends = "?"
    named = re.split(r"[ :;]+", told.get("dc_other_hostnames", "").lower())
    domains = tuple(dict.fromkeys((*own[:1], *(word for word in named if word))))
    stranger = own[1:] != () and own[1] not in domains
    itself = stranger and own[1].partition(".")[0] == own[0]
    return Server(
        "exim",
        sends,
        passes_on=(stranger and not itself) or (kind == "satellite" and bool(told.get("dc_readhost"))),
        own=domains,
        certain=kind in _EXIM and not itself,
    )


def _small(name: str, rows: Sequence[Sequence[str]], processes: Processes) -> Server:
    """Neither delivers here. Nullmailer needs its daemon and a host to hand on to."""
    root = tuple(word for row in rows if row[:1] == ["root"] for word in row[1:])
    if name == "ssmtp":
        return Server(name, "yes", root=root or ("?",))
    if ["remote"] not in rows or "nullmailer-send" not in processes.names:
        return Server(name, "no", passes_on=True)
    return Server(name, "yes", passes_on=bool(root), root=root or ("?",))
