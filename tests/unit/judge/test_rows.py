"""Lists row by row give what the expression as a whole gives, in time that grows with the rows."""

from pathlib import Path
from typing import Any

import cel
import pytest

from secaudit.content.expression_parser import parse_expression
from secaudit.content.expression_tree import Expression
from secaudit.judge import row_plan
from secaudit.judge.compiled import Variables
from secaudit.judge.rows import rows_of

FACTS: dict[str, Any] = {
    "accounts": [{"name": "a", "days": 1, "keys": ["k1", "k2"]}, {"name": "b", "days": 9, "keys": []}],
    "values": {"x": "1", "y": "2"},
    "words": ["w1", "w2"],
    "roles": {"limited": ["a", "b"]},
}


def variables() -> Variables:
    """The facts above, known to expressions."""
    return Variables(FACTS, {"params": {"max": 5, "names": ["a"]}}, FACTS)


@pytest.mark.parametrize(
    "text",
    [
        "accounts.filter(a, a.days > params.max).map(a, {'id': a.name, 'seen': a.days, 'expected': params.max})",
        "accounts.map(a, a.days > params.max, a.name)",
        "accounts.map(a, a.name) + words.filter(w, w != 'w1') + ['x', \"y\"]",
        "(accounts.filter(a, a.name in params.names) + accounts).map(b, b.keys.filter(k, k.endsWith('1')).join('+'))",
        "accounts.size() == 2 ? accounts.map(a, a.name) : []",
        "accounts.size() > 2 ? accounts.map(a, a.name) : []",
        "values.filter(k, values[k] == '2').map(k, k + values[k])",
        "[{'id': string(accounts[0].days), 'seen': -(-1) - -2 * 3, 'expected': !(true && false)}]",
        "[accounts.exists(a, a.days > 3) || values.x == '1' && 'w1' in words]",
        "roles.limited.map(r, r + '!')",
        "accounts[0].keys.filter(k, k != 'k1')",
        "[roles].map(r, r.limited).map(names, names[0])",
        "params.names.map(n, n + n)",
        "accounts.filter(a, a.days > 99).map(a, a.name)",
        "words",
        "[]",
    ],
)
def test_row_by_row_is_the_whole(text: str) -> None:
    made = variables()
    assert list(rows_of(text).made(made)) == made.run(cel.compile(text))


def test_a_macro_with_too_many_arguments_is_refused() -> None:
    with pytest.raises(ValueError, match="filter with 3 arguments"):
        rows_of("accounts.filter(a, true, true)")


def test_a_row_is_not_handed_over_where_its_number_says_enough() -> None:
    class Seen(Variables):
        def set(self, name: str, value: Any) -> None:
            handed.append(value)
            super().set(name, value)

    handed: list[Any] = []
    made = Seen(FACTS, {}, FACTS)
    assert list(rows_of("accounts.filter(a, a.days > 5).map(a, a.name)").made(made)) == ["b"]
    assert handed == [0, 1]


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 16, 21])
def test_rows_are_all_there_and_in_order_however_many_go_at_once(count: int) -> None:
    made = Variables({"numbers": list(range(count))}, {}, ["numbers"])
    text = "numbers.filter(n, n % 3 != 1).map(n, string(n))"
    assert list(rows_of(text).made(made)) == [str(n) for n in range(count) if n % 3 != 1]


def test_what_the_parser_found_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read again it gives the same rows and no parser is asked; torn, it is made again."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    text = "accounts.size() == 2 ? accounts.map(a, a.name) + [words].map(w, w[0]) : []"
    parsed = []

    def parsing(part: str) -> Expression:
        parsed.append(part)
        return parse_expression(part)

    monkeypatch.setattr(row_plan, "parse_expression", parsing)
    first = list(rows_of(text).made(variables()))
    assert list(rows_of(text).made(variables())) == first == ["a", "b", "w1"]
    assert len(parsed) == 1
    (path,) = tmp_path.glob("secaudit/*/rows-*")
    for torn in (b"", b"[", b'["whole"]', b'["whole", "1 +"]', b'["numbered", [], "1", "1", ["whole", "1"]]'):
        path.write_bytes(torn)
        assert list(rows_of(text).made(variables())) == first
    assert len(parsed) == 6
