"""Which services start by themselves and which run now: systemd, System V, OpenRC, inetd, xinetd."""

import re
from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.sections import sections, whole_sections
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# The links that enable units are read themselves: `systemctl --root=/ list-unit-files`, which reads the same links
# where systemd is not process 1, costs 0.3 CPU seconds. A unit that is masked is a link to /dev/null.
ENABLED = Probe(
    "services.enabled",
    r"""if [ -d /etc/systemd/system ] && [ -d /usr/lib/systemd/system -o -d /lib/systemd/system ]; then
  echo '@@ systemd'
  for l in /etc/systemd/system/*.wants/* /etc/systemd/system/*.requires/* /run/systemd/system/*.wants/*; do
    u=${l##*/}
    case $u in *.service | *.socket) ;; *) continue;; esac
    if [ -e "$l" ] && [ ! "/etc/systemd/system/$u" -ef /dev/null ]; then echo "$u"; fi
  done
  l=/etc/systemd/system/display-manager.service
  if [ -L $l ] && [ -f $l ]; then t=$(readlink $l); echo "${t##*/}"; fi
  echo '@@ native'
  for u in /etc/systemd/system/*.service /run/systemd/system/*.service /usr/lib/systemd/system/*.service \
    /lib/systemd/system/*.service; do
    [ -e "$u" ] && echo "${u##*/}"
  done
fi
if [ -d /etc/rc2.d ] || [ -d /etc/rc.d/rc3.d ]; then
  echo '@@ sysv'
  for l in /etc/rc[2345].d/S* /etc/rc.d/rc[2345].d/S*; do [ -x "$l" ] && echo "${l##*/}"; done | sort -u
fi
if [ -d /etc/runlevels ]; then
  echo '@@ openrc'
  for l in /etc/runlevels/boot/* /etc/runlevels/default/*; do [ -x "$l" ] && echo "${l##*/}"; done
fi
if [ -f /etc/inetd.conf ]; then
  echo '@@ inetd'
  awk '!/^[ \t]*#/ && NF > 5 { print $1 }' /etc/inetd.conf || exit 1
fi
if [ -d /etc/xinetd.d ]; then
  echo '@@ xinetd'
  for f in /etc/xinetd.d/*; do
    [ -f "$f" ] || continue
    awk '/^[ \t]*service[ \t]/ { s = $2; off = 0 }
      /^[ \t]*disable[ \t]*=[ \t]*yes/ { off = 1 }
      /^[ \t]*}/ { if (s && !off) print s; s = "" }' "$f" || exit 1
  done
fi
echo '@@ end'""",
    reduces=Text(
        "只输出单元与服务的名称，不含其内容", "names of units and services only, never their content"
    ),
)

ACTIVE = Probe(
    "services.active",
    """if [ -d /run/systemd/system ]; then
  echo '@@ systemd'
  systemctl --plain --no-legend --no-pager --type=service,socket --state=active list-units || exit 1
elif [ -d /run/openrc/started ]; then
  echo '@@ openrc'; ls /run/openrc/started || exit 1
else
  echo '@@ none'
fi""",
    reduces=Text(
        "只保留单元名称，描述在读取时舍去",
        "names of units only (their descriptions are dropped when they are read)",
    ),
)

_NAME = re.compile(r"[\w@:.\\-]{1,200}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Service:
    """A service by its plain name (``ssh``); ``manager`` is ``systemd``, ``sysv``, ``openrc``, ``inetd``, ``xinetd``.

    ``unit`` is the name as the manager writes it (``ssh.service``).
    """

    name: str
    unit: str
    manager: str


def parse_enabled(text: str) -> tuple[Service, ...]:
    """``ssh.service`` → Service("ssh", …); raises GapFound when no manager answered or it was cut off."""
    parts = whole_sections(text, "the list of services is cut off", GapReason.UNPARSABLE)
    native = {_plain(name.strip()) for name in parts.pop("native", [])}
    del parts["end"]
    if not parts:
        raise GapFound(GapReason.NOT_SUPPORTED, "neither systemd, System V, OpenRC nor inetd")
    found = {
        service
        for manager, lines in parts.items()
        for line in lines
        if (service := _service(line, manager)) is not None
        # A System V script beside a unit of the same name is not run: systemd.unit(5), systemd-sysv-generator(8).
        and not (manager == "sysv" and service.name in native)
    }
    return tuple(sorted(found, key=lambda s: (s.name, s.unit, s.manager)))


def parse_active(text: str) -> tuple[Service, ...]:
    """``ssh.service loaded active running OpenBSD…`` → Service; raises GapFound where nothing tells what is active."""
    parts = sections(text)
    if not parts:
        raise GapFound(GapReason.UNPARSABLE, "no list of active services")
    if "none" in parts:
        raise GapFound(
            GapReason.NOT_SUPPORTED, "systemd is not process 1: it cannot tell which units are active"
        )
    found = [_service(line, manager) for manager, lines in parts.items() for line in lines]
    return tuple(sorted({s for s in found if s is not None}, key=lambda s: (s.name, s.unit)))


def _service(line: str, manager: str) -> Service | None:
    words = line.split()
    # The mark of a unit that failed or is not found, which older releases of systemctl write first.
    unit = next((word for word in words if word not in ("●", "*")), "")
    if not _NAME.fullmatch(unit):
        raise GapFound(GapReason.UNPARSABLE, f"not a service: {line[:80]!r}")
    if manager == "sysv":
        name = re.sub(r"^S\d+", "", unit)
        return Service(name, name, manager) if name and name != "README" else None
    return Service(_plain(unit), unit, manager)


def _plain(unit: str) -> str:
    """``sshd.socket`` → ``sshd``, ``getty@tty1.service`` → ``getty``."""
    stem, dot, kind = unit.rpartition(".")
    return (stem if dot and kind in ("service", "socket") else unit).partition("@")[0]


def build_enabled(evidence: Evidence) -> tuple[Service, ...]:
    """The services that start by themselves."""
    return parse_enabled(evidence.text(ENABLED.id))


def build_active(evidence: Evidence) -> tuple[Service, ...]:
    """The services that run now."""
    return parse_active(evidence.text(ACTIVE.id))


SERVICES_ENABLED = Fact(
    "services_enabled",
    Text("自启动服务", "Services that start by themselves"),
    tuple[Service, ...],
    build_enabled,
    (ENABLED,),
)
SERVICES_ACTIVE = Fact(
    "services_active", Text("运行中的服务", "Active services"), tuple[Service, ...], build_active, (ACTIVE,)
)
