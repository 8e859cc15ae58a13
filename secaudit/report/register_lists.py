"""What the drop-downs of the workbook of an organisation offer, and what is said beside its cells."""

from collections.abc import Callable, Sequence

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from secaudit.register.tables import Column, Form, Table
from secaudit.report.sheets import put, put_head
from secaudit.report.texts import Words


def worded(column: Column, value: str, words: Callable[[str], str]) -> str:
    """The register's word as people read it."""
    if not column.words or value not in column.choices:  # a transport that a plug-in brings
        return value
    return words(f"{column.words}_{value}")


class Lists:
    """What drop-downs offer: each list is a column of the last sheet, as rules hold 255 characters only."""

    def __init__(self, words: Words, organisations: Sequence[str]) -> None:
        self.words = words
        self._columns: dict[str, Sequence[str]] = {"organisation": organisations}

    def rule(self, table: Table, column: Column | None, key: str) -> DataValidation | None:
        """The rule for a column; None where anything may be written."""
        if key == "organisation":
            return self._choice(key, self._columns[key])
        if key == "system":
            return self._of_sheet("systems", "A")
        if column is None:
            return None
        match column.form:
            case Form.SWITCH:
                return self._choice("switch", [self.words("yes"), self.words("no")])
            case Form.WORD:
                return self._choice(
                    f"{table.key}_{key}", [worded(column, one, self.words) for one in column.choices]
                )
            case Form.WORDS:
                self._choice(
                    f"{table.key}_{key}", [worded(column, one, self.words) for one in column.choices]
                )
                return self._told(key)
            case Form.DATE:
                rule = DataValidation("date", operator="greaterThan", formula1="36526", allow_blank=True)
                return self._prompted(rule, "date")
            case Form.NUMBER:
                return DataValidation("whole", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
            case _:
                return self._told(key)

    def _choice(self, name: str, choices: Sequence[str]) -> DataValidation:
        self._columns.setdefault(name, choices)
        letter = get_column_letter(list(self._columns).index(name) + 1)
        last = max(len(choices), 1) + 1
        sheet = self.words("words")
        return DataValidation("list", formula1=f"='{sheet}'!${letter}$2:${letter}${last}", allow_blank=True)

    def _of_sheet(self, table: str, letter: str) -> DataValidation:
        sheet = self.words(table)
        return DataValidation("list", formula1=f"='{sheet}'!${letter}$2:${letter}$2000", allow_blank=True)

    def _told(self, key: str) -> DataValidation | None:
        """No rule, but a note beside the cell, where one is written."""
        note = self.words.known(f"note_{key}", "")
        return self._prompted(DataValidation(), key) if note else None

    def _prompted(self, rule: DataValidation, key: str) -> DataValidation:
        rule.prompt, rule.showInputMessage = self.words(f"note_{key}"), True
        return rule

    def write(self, sheet: Worksheet) -> None:
        """The sheet with all lists."""
        for place, (name, choices) in enumerate(self._columns.items(), 1):
            key = name.removeprefix("systems_").removeprefix("assets_").removeprefix("data_sets_")
            put_head(sheet, place, self.words.known(key.removeprefix("filing_"), key), 20)
            for number, choice in enumerate(choices, 2):
                put(sheet, number, place, choice)
        sheet.freeze_panes = "A2"
