"""What no single value of ``notices:`` shows: rules that name what is not there."""

from collections.abc import Collection, Iterator

from secaudit.document import Document
from secaudit.errors import Problem
from secaudit.language import _
from secaudit.register.notice_settings import Channel
from secaudit.register.places import EACH, entries, texts


def notice_problems(workspace: Document, systems: Collection[str]) -> Iterator[Problem]:
    """All mistakes of the rules, held against the settings and the ids of registered systems (where they are read)."""
    organisations = {name for _place, name in texts(workspace, "organisations", EACH, "id")}
    named = {
        "systems": (systems, _("the id of a registered system expected")),
        "organisations": (
            organisations,
            _("the id of an organisation in {file} expected").format(file=workspace.file),
        ),
    }
    for key, (known, expected) in named.items():
        for place, name in texts(workspace, "notices", "rules", EACH, key, EACH):
            if name not in known and (systems or key == "organisations"):
                yield workspace.problem(place, name, expected)
    for _notices, settings in entries(workspace, "notices"):
        yield from _channels(workspace, settings)


def _channels(workspace: Document, settings: object) -> Iterator[Problem]:
    known = tuple(channel.value for channel in Channel)
    for place, rule in entries(workspace, "notices", "rules", EACH):
        channel = rule.get("channel", Channel.MAIL.value) if isinstance(rule, dict) else ""
        if channel in known and isinstance(settings, dict) and not isinstance(settings.get(channel), dict):
            told = _("{channel}: with its settings expected, a rule needs it").format(channel=channel)
            yield workspace.problem((*place, "channel"), None, told)
