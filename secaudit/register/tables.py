"""The register as tables, for people who keep lists in a spreadsheet: which columns there are and what they hold."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from secaudit.document.reader import Place
from secaudit.model.content import Extension
from secaudit.model.register import Sudo
from secaudit.register.duty_file import DUTY_FIELDS
from secaudit.register.kinds import (
    AGENCIES,
    CONCLUSIONS,
    CRYPTOGRAPHY_CONCLUSIONS,
    DATA_GRADES,
    DATA_KINDS,
    FILING_STATES,
    GRADES,
    IMPORTANCE,
    KINDS,
    PERSONAL,
    ROLES,
    TRANSPORTS,
)


class Form(StrEnum):
    """What a cell of a column holds."""

    TEXT = "text"
    LONG = "long"
    WORD = "word"
    WORDS = "words"
    DATE = "date"
    NUMBER = "number"
    SWITCH = "switch"
    SCORE = "score"
    LIST = "list"
    SERVICES = "services"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, and where its value stands in a record of a system file.

    ``choices`` are the register's words for it; people read them under ``WORDS_KEY_choice``, by default as they are.
    """

    key: str
    place: Place
    form: Form = Form.TEXT
    choices: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``list_key`` is the list of a system file whose items are its rows, "" for the system itself."""

    key: str
    list_key: str
    columns: tuple[Column, ...]


def _column(key: str, form: Form = Form.TEXT, choices: tuple[str, ...] = (), words: str = "") -> Column:
    return Column(key, (key,), form, choices, words)


def _reach(key: str, form: Form = Form.TEXT, choices: tuple[str, ...] = (), words: str = "") -> Column:
    return Column(key, ("reach", key), form, choices, words)


def _duty(key: str) -> Column:
    if key.endswith("_on") or key == "filing_valid_until":
        return _column(key, Form.DATE)
    if key.endswith("_score"):
        return _column(key, Form.SCORE)
    if key == "filing_state":
        return _column(key, Form.WORD, FILING_STATES, "filing_state")
    if key == "cryptography_conclusion":
        return _column(key, Form.WORD, CRYPTOGRAPHY_CONCLUSIONS)
    return _column(key, Form.WORD, CONCLUSIONS) if key.endswith("_conclusion") else _column(key)


_OF_SYSTEMS: Final = ("graded_on", "in_operation_on")
PEOPLE: Final = "people"
TABLES: Final = (
    Table(
        "systems",
        "",
        (
            _column("id"),
            _column("name"),
            _column("organisation"),
            _column("grade", Form.WORD, GRADES),
            _column("description", Form.LONG),
            _column("internet_facing", Form.SWITCH),
            _column("extensions", Form.WORDS, tuple(one.value for one in Extension), "extension"),
            _column("agencies", Form.WORDS, AGENCIES, "agency"),
            *map(_duty, _OF_SYSTEMS),
        ),
    ),
    Table(
        "filing",
        "",
        (_column("id"), *(_duty(key) for key in DUTY_FIELDS if key not in _OF_SYSTEMS)),
    ),
    Table(
        "assets",
        "assets",
        (
            _column("id"),
            _column("name"),
            _column("kind", Form.WORD, KINDS, "kind"),
            _column("address"),
            _column("zone"),
            _column("importance", Form.WORD, IMPORTANCE, "importance"),
            _column("hypervisor"),
            _column("services", Form.SERVICES),
            _reach("transport", Form.WORD, TRANSPORTS, "transport"),
            _reach("port", Form.NUMBER),
            _reach("user"),
            _reach("key"),
            _reach("password"),
            _reach("sudo", Form.WORD, tuple(way.value for way in Sudo), "root"),
            _reach("sudo_password"),
            _reach("jump", Form.LIST),
        ),
    ),
    Table(
        "data_sets",
        "data_sets",
        (
            _column("id"),
            _column("name"),
            _column("kind", Form.WORD, DATA_KINDS, "data_kind"),
            _column("category"),
            _column("data_grade", Form.WORD, DATA_GRADES, "data_grade"),
            _column("personal", Form.WORD, PERSONAL, "personal"),
            _column("persons", Form.NUMBER),
            _column("volume_gb", Form.NUMBER),
            _column("monthly_growth_gb", Form.NUMBER),
            _column("origin"),
            _column("storage"),
            _column("recipients"),
            _column("cross_border", Form.SWITCH),
            _column("responsible"),
            _column("asset"),
            _column("artefacts", Form.LIST),
            _column("method"),
            _column("job"),
            _column("rpo_h", Form.NUMBER),
            _column("rto_h", Form.NUMBER),
        ),
    ),
    Table(
        PEOPLE,
        "contacts",
        (_column("role", Form.WORD, ROLES, "role"), _column("name"), _column("phone"), _column("email")),
    ),
)
"""All but ``systems`` and ``filing``, whose id is the system's, have a column ``system`` before these."""


def value_at(record: Any, place: Place) -> Any:
    """What a record of a system file says there; None where it says nothing."""
    for part in place:
        record = record.get(part) if isinstance(record, dict) else None
    return record


def plain(form: Form, value: Any) -> Any:
    """The value so that two ways to write the same are equal; None for what says nothing."""
    if value is None or value in ("", [], ()):
        return None
    match form:
        case Form.LIST | Form.WORDS:
            return [value] if isinstance(value, str) else list(value)
        case Form.SERVICES:
            return [{"protocol": "tcp", **service} for service in value]
        case Form.NUMBER | Form.SWITCH:
            return value
        case _:
            return str(value).replace("\r\n", "\n").strip() or None


def plain_row(table: Table, record: Mapping[str, Any]) -> list[Any]:
    """The values of a record in the order of the columns."""
    return [plain(column.form, value_at(record, column.place)) for column in table.columns]


def revision_of(rows: Any) -> str:
    """A short mark of values: another one when any of them is."""
    text = json.dumps(rows, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
