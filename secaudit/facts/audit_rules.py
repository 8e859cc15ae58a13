"""The rules of the Linux audit system, and whom they leave out: auditctl(8), audit.rules(7)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from secaudit.facts.passwd_file import DEFAULT_UID_MIN, Identity

# Conditions on who acts. A domain of SELinux (subj_type) is a program's, not a person's.
_WHO = re.compile(r"(?:a|e|s|fs)?[ug]id|subj_(?:user|role)")
_NARROWS = re.compile(r"(?:a|e|s|fs)?[ug]id|subj_\w+|p?pid|sessionid")
_CONDITION = re.compile(r"([a-z_0-9]+)\s*(!=|>=|<=|&=|=|>|<|&)\s*(.*)")
UNSET = ("-1", "4294967295", "unset")
# The record that names who acted and how it ended: without it no rule leaves anything to read.
_ACTS = re.compile(r"msgtype=(SYSCALL|1300)")


@dataclass(frozen=True, slots=True)
class AuditRule:
    """A rule: ``watch`` on a path, or ``syscall``. ``excludes``: it keeps events out (never, or the exclude list).

    ``users`` are its conditions on who acts (``auid>=1000``), ``narrowed_to`` those that mean less than everybody who
    logs in (that is auid>=UID_MIN, auid!=unset), ``conditions`` all of them. ``everybody``: it records whoever logs in.
    ``leaves_out``: it keeps events of people out;
    of system accounts and of what nobody logged in for does not count. ``tasks_off``: ``-a never,task``, after which
    the kernel records no system call and no watch of any new process. ``acts_off``: ``-a always,exclude -F
    msgtype=SYSCALL``, after which no record says who acted. ``text`` is the rule.
    """

    kind: str
    path: str
    permissions: str
    syscalls: tuple[str, ...]
    excludes: bool
    users: tuple[str, ...]
    narrowed_to: tuple[str, ...]
    conditions: tuple[str, ...]
    everybody: bool
    leaves_out: bool
    tasks_off: bool
    acts_off: bool
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class RuleGap:
    """A rule on system calls of programs of 64 bits (arch=b64) without one on any of these calls for 32 bits."""

    text: str


def parse_rules(lines: Iterable[str], people: Sequence[Identity] = ()) -> tuple[AuditRule, ...]:
    """Rules; lines that set something else (-D, -b, -e, -f) and "No rules" are none."""
    return tuple(_rule(line, people) for line in lines if line.startswith(("-w", "-a", "-A")))


def recording(rules: Sequence[AuditRule]) -> tuple[AuditRule, ...]:
    """The rules that record something; none where auditing of tasks is off, or records of calls are thrown away."""
    if any(rule.tasks_off or rule.acts_off for rule in rules):
        return ()
    return tuple(rule for rule in rules if not rule.excludes)


def rules_of_64_bits_only(rules: Sequence[AuditRule]) -> tuple[RuleGap, ...]:
    """``-a always,exit -F arch=b64 -S mount`` alone: a program of 32 bits mounts unseen. A watch sees both."""
    seen = {name for rule in recording(rules) if "arch=b32" in rule.conditions for name in rule.syscalls}
    return tuple(
        RuleGap(rule.text)
        for rule in recording(rules)
        if "arch=b64" in rule.conditions and not rule.path and not seen & {*rule.syscalls, "all"}
    )


def _rule(line: str, people: Sequence[Identity]) -> AuditRule:
    """``-w /etc/passwd -p wa -k identity``, ``-a always,exit -F arch=b64 -S execve -F auid>=1000 -k x``."""
    words = line.split()
    options = [(words[i], words[i + 1]) for i in range(len(words) - 1) if words[i].startswith("-")]
    fields = tuple(value for option, value in options if option == "-F")
    watched = [value for option, value in options if option == "-w"]
    watched += [value.partition("=")[2] for value in fields if re.match(r"(path|dir)=", value)]
    actions = [word for option, value in options if option in ("-a", "-A") for word in value.split(",")]
    keys = [value for option, value in options if option == "-k"]
    keys += [value.partition("=")[2] for value in fields if value.startswith("key=")]
    permissions = [value for option, value in options if option == "-p"]
    permissions += [value.partition("=")[2] for value in fields if value.startswith("perm=")]
    excludes = "never" in actions or "exclude" in actions
    users = tuple(value for value in fields if _named(value, _WHO))
    narrowed = tuple(v for v in fields if _named(v, _NARROWS) and not _means_everybody(v, people))
    tasks = excludes and "task" in actions
    acts = "exclude" in actions and len(fields) == 1 and bool(_ACTS.fullmatch(fields[0]))
    syscalls = tuple(name for option, value in options if option == "-S" for name in value.split(","))
    return AuditRule(
        kind="watch" if watched else "syscall",
        path=watched[0] if watched else "",
        permissions=permissions[0] if permissions else "",
        syscalls=syscalls,
        excludes=excludes,
        users=users,
        narrowed_to=narrowed,
        conditions=fields,
        everybody=not (excludes or narrowed or "task" in actions),
        leaves_out=excludes
        and (
            tasks
            or acts
            or _leaves_people_out(users, people)
            or _keeps_everything_out(actions, fields, syscalls)
        ),
        tasks_off=tasks and not users,
        acts_off=acts,
        key=keys[0] if keys else "",
        text=line,
    )


def _named(condition: str, names: re.Pattern[str]) -> bool:
    match = _CONDITION.fullmatch(condition)
    return bool(match and names.fullmatch(match[1]))


def _means_everybody(condition: str, people: Sequence[Identity]) -> bool:
    """``auid>=1000`` where no account of a person has a lower number, ``auid!=unset``."""
    match = _CONDITION.fullmatch(condition)
    if not match or match[1] not in ("auid", "loginuid"):
        return False
    if match[2] == "!=":
        return match[3] in UNSET
    if match[2] not in (">", ">=") or not match[3].isdecimal():
        return False
    least = int(match[3]) + (match[2] == ">")
    return least <= DEFAULT_UID_MIN and all(who.is_system or who.uid >= least for who in people)


def _leaves_people_out(users: Sequence[str], people: Sequence[Identity]) -> bool:
    """All conditions must hold for an event to be kept out: one that only a system account meets is enough."""
    return bool(users) and not any(_means_the_system(value, people) for value in users)


def _means_the_system(condition: str, people: Sequence[Identity]) -> bool:
    """``auid=-1`` (nobody logged in), ``uid=chrony``; root is a person's account."""
    match = _CONDITION.fullmatch(condition)
    if not match or match[2] != "=" or not match[1].endswith("uid"):
        return False
    if match[3] in UNSET:
        return match[1] in ("auid", "loginuid")
    named = [who for who in people if match[3] in (who.name, str(who.uid))]
    if named:
        return all(who.is_system and who.uid != 0 for who in named)
    return match[3].isdecimal() and 0 < int(match[3]) < DEFAULT_UID_MIN


def _keeps_everything_out(actions: Sequence[str], fields: Sequence[str], syscalls: Sequence[str]) -> bool:
    """``-a never,exit -S all`` without a condition: nothing is left to record."""
    bare = all(value.startswith(("arch=", "key=")) for value in fields)
    return "exclude" not in actions and bare and set(syscalls) <= {"all"}
