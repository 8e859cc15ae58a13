"""What an expression's type is, and what is refused before anything runs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.content.expression_tree import ExpressionFault
from secaudit.content.expression_types import SURROUNDINGS, has_text, shown, together, type_of_value
from secaudit.content.expressions import Typed, type_expression
from secaudit.model.schema import ListOf, MapOf, Scalar, Schema, Struct
from tests.unit.content.samples import SCHEMAS

PARAMETERS = Struct("params", {"max_days": Scalar("int"), "names": ListOf(Scalar("string"))})
VARIABLES: dict[str, Schema] = {**SCHEMAS, **SURROUNDINGS, "params": PARAMETERS}
FACTS = frozenset(SCHEMAS)


def typed(text: str) -> Typed:
    """The type with the facts of the samples."""
    return type_expression(text, VARIABLES, FACTS)


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("accounts.all(a, a.max_days <= params.max_days)", "bool"),
        ("accounts.exists(a, a.name in params.names && !a.can_log_in)", "bool"),
        ("accounts.exists_one(a, a.name == 'root')", "bool"),
        ("accounts.filter(a, a.can_log_in)", "list of Account"),
        ("accounts.filter(a, a.can_log_in).map(a, a.name)", "list of string"),
        ("accounts.map(a, a.can_log_in, a.max_days)", "list of int"),
        ("accounts.all(a, a.keys.exists(k, k.startsWith('ssh-')))", "bool"),
        ("accounts[0].name", "string"),
        ("accounts.size() - size(shells) * 2 / 3 % 4", "int"),
        ("-settings.minimum", "double"),
        ("settings.minimum + double(3) > 2.5", "bool"),
        ("settings.values['net.ipv4.ip_forward']", "string"),
        ("settings.values.key", "string"),
        ("'a' in settings.values && settings.values.all(k, k != '')", "bool"),
        ("shells.join(', ').lowerAscii().matches('^/bin/')", "bool"),
        ("string(3) + string('a')", "string"),
        ("int('3') == int(2.5)", "bool"),
        ("asset.zone == '' ? 1 : 2", "int"),
        ("shells + ['/bin/sh'] + []", "list of string"),
        ("shells == ['/bin/sh']", "bool"),
        ("system.level >= 3 && system.internet_facing || now - 86400 > 0", "bool"),
        ("(((true)))", "bool"),
        ("[{'id': 'a', 'seen': [1, 2], 'expected': true}]", "list of offender"),
        (
            "accounts.filter(a, true).map(b, {'id': b.name, 'seen': b.max_days, 'expected': 1})",
            "list of offender",
        ),
        (
            "[{'id': 'a', 'seen': say('天', 'days') + string(1), 'expected': [say('无', 'none')]}]",
            "list of offender",
        ),
        (
            "accounts.map(a, {'id': a.name, 'seen': a.can_log_in ? say('可登录', 'logs in') : '-', 'expected': 1})",
            "list of offender",
        ),
        ('"""two\nlines""" == r"\\d"', "bool"),
    ],
)
def test_types(text: str, type_: str) -> None:
    assert shown(typed(text).type) == type_


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("nothing", "no such name here; there is accounts, ageing"),
        ("acounts.size()", "no such name here; there is accounts"),
        ("accounts.all(a, a.max_day < 3)", "Account has no field max_day; there is max_days"),
        ("accounts.name", "list of Account has no fields"),
        ("undefined(1) || true", "no such function; there is double, int, say, size, string"),
        ("shells.sort()", "list of string has no function sort"),
        ("accounts.join(',')", "list of Account has no function join"),
        ("'a'.reverse()", "string has no function reverse"),
        ("'a'.startsWith()", "startsWith() takes 1 arguments"),
        ("'a'.startsWith(1)", "startsWith() cannot take int"),
        ("string(true)", "string() cannot take bool"),
        ("say('天', 'days') == 'x'", "say() is for what an offender shows"),
        ("[{'id': say('天', 'days'), 'seen': 1, 'expected': 1}]", "say() is for what an offender shows"),
        (
            "accounts.filter(a, a.name != say('天', 'd')).map(b, {'id': 1, 'seen': 1, 'expected': 1})",
            "say() is for",
        ),
        ("[{'id': 1, 'seen': say('days', 'days'), 'expected': 1}]", "two texts in quotes"),
        ("[{'id': 1, 'seen': say('天', '天'), 'expected': 1}]", "two texts in quotes"),
        ("[{'id': 1, 'seen': say('天', ''), 'expected': 1}]", "two texts in quotes"),
        ("[{'id': 1, 'seen': say('天'), 'expected': 1}]", "two texts in quotes"),
        ("[{'id': 1, 'seen': say('天', asset.zone), 'expected': 1}]", "two texts in quotes"),
        ("[{'id': 1, 'seen': say('天' + '空', 'day'), 'expected': 1}]", "two texts in quotes"),
        ("[{'id': 1, 'seen': say(1, 2), 'expected': 1}]", "two texts in quotes"),
        ("[{'id': 1, 'seen': 'a'.say('天', 'day'), 'expected': 1}]", "string has no function say"),
        ("size('é')", "size() counts a list or a map, not string"),
        ("'a'.matches('(')", "a regular expression expected"),
        ("has(asset.zone)", "a fact is whole: has() tells nothing"),
        ("asset.zone == null", "null, bytes and unsigned numbers are not allowed"),
        ("b'a' == b'a'", "null, bytes and unsigned numbers are not allowed"),
        ("1u == 1u", "null, bytes and unsigned numbers are not allowed"),
        (".asset.zone", "this form of CEL is not allowed"),
        ("asset{zone: 1}", "this form of CEL is not allowed"),
        ("1 == 'a'", "one type expected, these are int and string"),
        ("1 < 2.5", "one type expected, these are int and double"),
        ("[1, 'a']", "one type expected"),
        ("true ? 1 : 'a'", "one type expected"),
        ("1 ? 2 : 3", "? works on bool, not on int"),
        ("!1", "! works on bool, not on int"),
        ("1 && true", "&& works on bool, not on int"),
        ("true || 'a'", "|| works on bool, not on string"),
        ("-'a'", "- works on int, double, not on string"),
        ("'a' - 'b'", "- works on int, double, not on string"),
        ("2.5 % 1.5", "% works on int, not on double"),
        ("true < false", "< works on int, double, string, not on bool"),
        ("accounts == ageing", "list of Account cannot be compared"),
        ("1 in shells", "int cannot be in list of string"),
        ("'a' in 'abc'", "string cannot be in string"),
        ("accounts in [accounts]", "list of Account cannot be in list of list of Account"),
        ("shells['a']", "string cannot look into list of string"),
        ("asset['zone']", "string cannot look into asset"),
        ("accounts.all(a, a.max_days)", "a condition expected, this is int"),
        ("accounts.map(a, a.max_days, a.name)", "a condition expected, this is int"),
        ("accounts.all(a)", "a name and a condition or value expected"),
        ("accounts.all(a, true, true)", "a name and a condition or value expected"),
        ("accounts.all()", "a name and a condition or value expected"),
        ("accounts.all(a.name, true)", "a new name for the item expected"),
        ("accounts.all(shells, true)", "a new name for the item expected"),
        ("asset.all(a, true)", "a list expected, this is asset"),
        ("accounts.all(a, a.name == b.name)", "no such name here"),
        ("{'id': 1}", 'a map has the keys "id", "seen" and "expected"'),
        ("{asset.id: 1, 'seen': 1, 'expected': 1}", 'a map has the keys "id", "seen" and "expected"'),
        ("{'id': accounts, 'seen': 1, 'expected': 1}", "a scalar or a list of scalars expected"),
        ("a b", "not a CEL expression (line 1, column 3)"),
        ("'unfinished", "not a CEL expression"),
        ("", "not a CEL expression"),
        ("!" * 400 + "true", "nested too deeply"),
        ("(" * 90 + "true" + ")" * 90, "nested too deeply"),
        ("[1].all(loop, loop == 1)", "not a CEL expression"),
        (r"'\q' == ''", "not a number or text of CEL"),
        ("99999999999999999999 > 1", "not a number or text of CEL"),
    ],
)
def test_refusals(text: str, complaint: str) -> None:
    with pytest.raises(ExpressionFault) as caught:
        typed(text)
    assert complaint in caught.value.expected


@pytest.mark.parametrize(
    "text",
    [
        "accounts.all(a, ageing.exists(b, b.name == a.name))",
        "accounts.all(a, accounts.filter(b, b.name == a.name).size() == 1)",
        "accounts.all(a, (shells + a.keys).exists(s, s == a.name))",
        "accounts.all(a, a.keys.all(k, shells.exists(s, s == k)))",
    ],
)
def test_no_iteration_over_a_fact_inside_another(text: str) -> None:
    with pytest.raises(ExpressionFault, match="make the join a fact in Python"):
        typed(text)


@pytest.mark.parametrize(
    "text", ["accounts.filter(a, a.can_log_in).size() > 1", "'a' in accounts.map(a, a.name)"]
)
def test_a_condition_makes_no_list_of_a_fact(text: str) -> None:
    assert typed(text).names == ("accounts",)
    with pytest.raises(ExpressionFault, match="use all, exists or exists_one"):
        type_expression(text, VARIABLES, FACTS, condition=True)


def test_a_condition_may_make_lists_of_what_a_row_holds() -> None:
    text = "accounts.all(a, a.keys.filter(k, k != '').size() < 3) && params.names.map(n, n + '!').size() > 0"
    assert shown(type_expression(text, VARIABLES, FACTS, condition=True).type) == "bool"


def test_one_macro_after_another_is_no_nesting() -> None:
    assert typed("accounts.all(a, true) && ageing.all(a, params.names.exists(n, n == a.name))").names == (
        "accounts",
        "ageing",
        "params",
    )


def test_a_fault_quotes_the_part_it_is_about() -> None:
    with pytest.raises(ExpressionFault) as caught:
        typed("accounts.size() > 0 && accounts.all(a, a.max_day < 3)")
    assert caught.value.part == "a.max_day"


@pytest.mark.parametrize(
    ("value", "type_"),
    [
        (True, "bool"),
        (1, "int"),
        (1.5, "double"),
        ("a", "string"),
        ([1, 2], "list of int"),
        ([], "list of nothing"),
        ({"a": 1}, "map to int"),
        ({"a": [1]}, "map to list of int"),
    ],
)
def test_types_of_values(value: object, type_: str) -> None:
    found = type_of_value(value)
    assert found is not None
    assert shown(found) == type_


@pytest.mark.parametrize("value", [None, [1, "a"], [None], {}, {"a": None}, {"a": 1, "b": "x"}, [True, 1]])
def test_values_without_a_type(value: object) -> None:
    assert type_of_value(value) is None


def test_what_goes_together() -> None:
    nothing, number = ListOf(Scalar("nothing")), ListOf(Scalar("int"))
    assert together(nothing, number) == together(number, nothing) == number
    assert together(MapOf(Scalar("int")), number) is None
    assert has_text(number)
    assert not has_text(ListOf(number))


WORDS = st.sampled_from(
    [
        "accounts",
        "shells",
        "params.names",
        "a",
        ".all(a, ",
        ".map(a,",
        "a.name",
        ")",
        "(",
        "==",
        "&&",
        "1",
        "'x'",
    ]
    + ["[", "]", "{", "}", "?", ":", "!", "-", "in", ".size()", "true", "null", "2.5", ",", " "]
)


@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=14).map("".join)))
def test_any_text_has_a_type_or_a_fault(text: str) -> None:
    try:
        found = shown(typed(text).type)
    except ExpressionFault as fault:
        found = fault.expected
    assert found
