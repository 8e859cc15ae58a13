"""Where the alarms of a host's tools go: to a manager, a mailbox elsewhere, or no further than this host."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from secaudit.facts.alarm_probe import ALARMS
from secaudit.facts.config_files import ConfigFile, config_files
from secaudit.facts.fact import Evidence, Fact
from secaudit.facts.mail_delivery import MAIL_DELIVERY, MailDelivery
from secaudit.facts.monitoring import is_elsewhere
from secaudit.facts.processes import PROCESSES_FACT, Processes
from secaudit.facts.protection import PROTECTIONS, Protector
from secaudit.facts.scheduled_alarms import Told, last, reach, scheduled_ways, told_by
from secaudit.facts.scheduled_jobs import SCHEDULED_JOBS, Job, is_active
from secaudit.model.text import Text

_OSSEC = frozenset({"wazuh", "ossec"})


@dataclass(frozen=True, slots=True)
class AlarmChannel:
    """One way of a tool that works here.

    ``by`` is ``manager``, ``mail``, ``syslog``, ``http``, ``hook``, ``console`` (of a product that is not read here) or
    ``file``; ``to`` whom, "" where that has no name. ``reaches``: it comes to somebody elsewhere: ``yes``, ``no``,
    ``?``. ``detects``: the tool is there to detect intrusion; ``warns``: of intrusion or changes, not of a full disk or
    guessed passwords.
    """

    tool: str
    by: str
    to: str
    reaches: str
    detects: bool
    warns: bool


def channels(
    files: Sequence[ConfigFile],
    protectors: Sequence[Protector],
    processes: Processes,
    jobs: Sequence[Job],
    mail: MailDelivery,
) -> tuple[AlarmChannel, ...]:
    """The ways of all tools that run or are scheduled."""
    found: list[AlarmChannel] = []
    for product in protectors:
        if "detects" in product.does and product.running:
            told = told_by(files, _place(product.product))
            found += [
                AlarmChannel(product.product, by, to, way, product.documented, True)
                for by, to, way in _of_detector(product.product, told, mail)
            ]
    for tool, by, to, way in scheduled_ways(files, jobs, processes.init, mail):
        found.append(AlarmChannel(tool, by, to, way, False, True))
    for tool, name in (("fail2ban", "fail2ban-server"), ("auditd", "auditd")):
        told = told_by(files, f"/etc/{'audit/' if tool == 'auditd' else tool}")
        if name in processes.names and "yes" in told.get("mails", []):
            to = last(told, "to", "root")
            found.append(AlarmChannel(tool, "mail", to, reach(mail, to), False, False))
    return tuple(found)


def _place(product: str) -> str:
    return "/var/ossec/" if product in _OSSEC else f"/etc/{product}"


def _of_detector(product: str, told: Told, mail: MailDelivery) -> Iterator[tuple[str, str, str]]:
    """How it tells, whom, and whether that comes to somebody; a row at least."""
    if product in _OSSEC:
        yield from _ossec(told, mail, "no" if product == "ossec" and told else "?")
    elif product == "samhain" and told:
        yield from _samhain(told, mail)
    elif product == "falco" and told:
        yield from _falco(told)
    else:
        yield "console", "", "?"


def _ossec(told: Told, mail: MailDelivery, file: str) -> Iterator[tuple[str, str, str]]:
    """An agent tells its manager; a manager mails through a server it names, hands on by syslog or by a hook.

    What a manager only keeps (``file``), Wazuh shows on a screen that people may watch.
    """
    ways = 0
    for key, by in (("server", "manager"), ("syslog", "syslog")):
        for host in told.get(key, []):
            ways += 1
            out = bool(host) and host != "MANAGER_IP" and is_elsewhere(host)
            pending = by == "manager" and last(told, "state") == "no"
            yield by, host, "no" if not out else "?" if pending else "yes"
    if told.get("hook"):
        ways += 1
        yield "hook", "", "?"
    if last(told, "mails") == "yes":
        ways += 1
        server = last(told, "smtp", "localhost")
        for to in told.get("to", ["?"]):
            yield "mail", to, "yes" if is_elsewhere(server) and to.startswith("@") else reach(mail, to)
    if not ways:
        yield "file", "", file


def _samhain(told: Told, mail: MailDelivery) -> Iterator[tuple[str, str, str]]:
    servers = [host for host in told.get("server", []) if host]
    for host in servers:
        yield "manager", host, "yes" if is_elsewhere(host) else "no"
    mails = told.get("to") and last(told, "mails", "yes") == "yes"
    if mails:
        to = last(told, "to")
        yield "mail", to, reach(mail, to)
    if not servers and not mails:
        yield "file", "", "?"


def _falco(told: Told) -> Iterator[tuple[str, str, str]]:
    host = last(told, "http")
    out = {"http_output": "yes" if host and is_elsewhere(host) else "no", "program_output": "?", "grpc": "?"}
    on = {key for key in (*out, "syslog_output") if last(told, key) == "yes"}
    for key in [key for key in out if key in on]:
        yield "http" if key == "http_output" else "hook", host if key == "http_output" else "", out[key]
    if not on - {"syslog_output"}:
        yield "syslog" if on else "file", "", "no"


def build_alarm_channels(evidence: Evidence) -> tuple[AlarmChannel, ...]:
    """The ways of the asset; empty where no tool works that is known."""
    processes = evidence.fact(PROCESSES_FACT.name)
    return channels(
        config_files(evidence.text(ALARMS.id)),
        evidence.fact(PROTECTIONS.name),
        processes,
        [job for job in evidence.fact(SCHEDULED_JOBS.name) if is_active(job, processes)],
        evidence.fact(MAIL_DELIVERY.name),
    )


ALARM_CHANNELS = Fact(
    "alarm_channels",
    Text("告警去向", "Where alarms go"),
    tuple[AlarmChannel, ...],
    build_alarm_channels,
    (ALARMS,),
    (PROTECTIONS.name, PROCESSES_FACT.name, SCHEDULED_JOBS.name, MAIL_DELIVERY.name),
)
