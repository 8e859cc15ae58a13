"""Who is told of which systems: the rules of the workspace held against the people that are registered."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from secaudit.model.notice import NoticeEvent
from secaudit.model.register import Contact, Organisation, Register, System
from secaudit.register.notice_settings import Channel, NoticeRule, NoticeSettings
from secaudit.register.notices_file import is_email
from secaudit.register.organisations import below


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where a message goes: ``address`` and ``name`` of a person, both "" for a webhook and syslog."""

    channel: Channel
    address: str = ""
    name: str = ""


def receivers(
    settings: NoticeSettings, register: Register, event: NoticeEvent
) -> dict[Receiver, tuple[System, ...]]:
    """Receiver → the systems that it is told of; each address once, whatever rules and roles name it."""
    told: dict[tuple[Channel, str], set[str]] = {}
    names: dict[tuple[Channel, str], str] = {}
    contacts = _contacts(register)
    for rule in settings.rules:
        for receiver, systems in _of_rule(rule, register, contacts) if event in rule.events else ():
            key = receiver.channel, receiver.address.lower()
            told.setdefault(key, set()).update(systems)
            names[key] = names.get(key) or receiver.name
    return {
        Receiver(channel, address, names[channel, address]): tuple(
            one for one in register.systems if one.id in ids
        )
        for (channel, address), ids in told.items()
    }


def receivers_without_systems(
    settings: NoticeSettings,
    organisations: Iterable[Organisation],
    event: NoticeEvent = NoticeEvent.NIGHT_FAILED,
) -> list[Receiver]:
    """Who can be told that a night failed where the systems cannot be read: all that are known without them."""
    found: dict[tuple[Channel, str], Receiver] = {}
    people = [person for one in organisations for person in one.contacts]
    for rule in settings.rules:
        if event not in rule.events:
            continue
        told = [Receiver(rule.channel)] if rule.channel is not Channel.MAIL else []
        told += [Receiver(rule.channel, address.lower()) for address in rule.to]
        told += [Receiver(rule.channel, p.email.lower(), p.name) for p in _with_roles(people, rule.roles)]
        for one in told:
            found.setdefault((one.channel, one.address), one)
    return list(found.values())


def without_address(settings: NoticeSettings, register: Register) -> list[tuple[str, str]]:
    """System and role, for each role of a rule that nobody with a usable address has there."""
    missing, contacts = [], _contacts(register)
    for rule in settings.rules:
        for system in _scope(rule, register):
            people = (*system.contacts, *contacts.get(system.organisation, ()))
            reached = {one.role for one in people if is_email(one.email)}
            missing += [(system.id, role) for role in rule.roles if role not in reached]
    return sorted(set(missing))


def _of_rule(
    rule: NoticeRule, register: Register, contacts: Mapping[str, Sequence[Contact]]
) -> Iterator[tuple[Receiver, set[str]]]:
    scope = _scope(rule, register)
    if rule.channel is not Channel.MAIL:
        yield Receiver(rule.channel), {system.id for system in scope}
    for address in rule.to:
        yield Receiver(rule.channel, address), {system.id for system in scope}
    for system in scope:
        for person in _with_roles((*system.contacts, *contacts.get(system.organisation, ())), rule.roles):
            yield Receiver(rule.channel, person.email, person.name), {system.id}


def _scope(rule: NoticeRule, register: Register) -> list[System]:
    """All systems, or those that the rule names by themselves or by an organisation above."""
    if not rule.systems and not rule.organisations:
        return list(register.systems)
    owners = {one for top in rule.organisations for one in below(register.organisations, top)}
    return [one for one in register.systems if one.id in rule.systems or one.organisation in owners]


def _contacts(register: Register) -> dict[str, tuple[Contact, ...]]:
    """Organisation → its contacts and those of all above it."""
    own = {one.id: one for one in register.organisations}
    found: dict[str, tuple[Contact, ...]] = {}
    for one in register.organisations:
        above, people, seen = one, one.contacts, {one.id}
        while above.parent in own and above.parent not in seen:
            above = own[above.parent]
            seen.add(above.id)
            people += above.contacts
        found[one.id] = people
    return found


def _with_roles(people: Iterable[Contact], roles: Iterable[str]) -> Iterator[Contact]:
    wanted = set(roles)
    return (one for one in people if one.role in wanted and is_email(one.email))
