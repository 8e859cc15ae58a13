"""The tree of a CEL expression, by the grammar of ``celpy``: the package that judges shows no tree."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from celpy.celparser import CELParseError, CELParser
from lark import Token, Tree

from secaudit.content.engine import cel
from secaudit.content.expression_tree import (
    Call,
    Expression,
    ExpressionFault,
    Index,
    ListOfParts,
    Literal,
    MapOfParts,
    Name,
    Operation,
    Select,
)
from secaudit.content.expression_types import BOOL, DOUBLE, INT, STRING
from secaudit.language import _

_LITERALS = {
    "INT_LIT": INT,
    "FLOAT_LIT": DOUBLE,
    "STRING_LIT": STRING,
    "MLSTRING_LIT": STRING,
    "BOOL_LIT": BOOL,
}
_OPERATORS = {
    "relation_lt": "<",
    "relation_le": "<=",
    "relation_gt": ">",
    "relation_ge": ">=",
    "relation_eq": "==",
    "relation_ne": "!=",
    "relation_in": "in",
    "addition_add": "+",
    "addition_sub": "-",
    "multiplication_mul": "*",
    "multiplication_div": "/",
    "multiplication_mod": "%",
}
_OPERATIONS = ("expr", "conditionalor", "conditionaland", "relation", "addition", "multiplication", "unary")


def parse_expression(text: str) -> Expression:
    """The tree of an expression, from the parser of ``celpy``; raises ExpressionFault."""
    try:
        tree: Any = _parser().parse(text)
    except CELParseError as error:
        raise ExpressionFault(text, _not_cel(error)) from error
    return _Reader(text).read(tree)


@cache
def _parser() -> CELParser:
    return CELParser()


def _not_cel(error: CELParseError) -> str:
    if error.column is None:
        return _("not a CEL expression")
    return _("not a CEL expression (line {line}, column {column})").format(
        line=error.line, column=error.column
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    text: str

    def read(self, node: Tree[Token]) -> Expression:
        match node.data:
            case "member" | "primary" | "paren_expr":
                return self.read(_tree(node.children[0]))
            case "literal":
                return self.literal(node)
            case "ident":
                return Name(str(node.children[0]))
            case "member_dot" | "member_index" | "member_dot_arg" | "ident_arg":
                return self.reach(node)
            case "list_lit":
                return ListOfParts(self.source(node), self.parts(node.children))
            case "map_lit":
                parts = self.parts(node.children)
                return MapOfParts(self.source(node), tuple(zip(parts[::2], parts[1::2], strict=True)))
            case rule if rule in _OPERATIONS:
                return self.operation(node)
        raise ExpressionFault(self.source(node), _("this form of CEL is not allowed"))

    def reach(self, node: Tree[Token]) -> Expression:
        """A field, an index, a method or a function."""
        children, source = node.children, self.source(node)
        if node.data == "ident_arg":
            return Call(source, None, str(children[0]), self.parts(children[1:]))
        target = self.read(_tree(children[0]))
        if node.data == "member_dot":
            return Select(source, target, str(children[1]))
        if node.data == "member_index":
            return Index(source, target, self.read(_tree(children[1])))
        return Call(source, target, str(children[1]), self.parts(children[2:]))

    def operation(self, node: Tree[Token]) -> Expression:
        """``!a``, ``c ? a : b``, ``a op b`` (one child holds the operator and ``a``); or only what is inside."""
        children = [_tree(child) for child in node.children]
        if len(children) == 1:
            return self.read(children[0])
        if node.data == "expr":
            return self.made(node, "?", children)
        if node.data in ("conditionalor", "conditionaland"):
            return self.made(node, "||" if node.data == "conditionalor" else "&&", children)
        if node.data == "unary":
            return self.made(node, "!" if children[0].data == "unary_not" else "-", children[1:])
        return self.made(node, _OPERATORS[children[0].data], [_tree(children[0].children[0]), children[1]])

    def made(self, node: Tree[Token], operator: str, operands: Sequence[Tree[Token]]) -> Operation:
        return Operation(self.source(node), operator, tuple(self.read(operand) for operand in operands))

    def literal(self, node: Tree[Token]) -> Literal:
        token = node.children[0]
        if not isinstance(token, Token) or token.type not in _LITERALS:
            raise ExpressionFault(self.source(node), _("null, bytes and unsigned numbers are not allowed"))
        return Literal(str(token), _LITERALS[token.type], _value(token))

    def parts(self, lists: Sequence[Tree[Token] | Token]) -> tuple[Expression, ...]:
        """The members of the one argument list, or none when it is not there."""
        return tuple(self.read(_tree(part)) for group in lists for part in _tree(group).children)

    def source(self, node: Tree[Token]) -> str:
        return self.text[node.meta.start_pos : node.meta.end_pos] if not node.meta.empty else self.text


def _value(token: Token) -> Any:
    try:
        return cel.evaluate(str(token))
    except ValueError as error:
        raise ExpressionFault(str(token), _("not a number or text of CEL")) from error


def _tree(child: Tree[Token] | Token) -> Tree[Token]:
    if isinstance(child, Token):
        raise TypeError(f"a rule of the grammar expected, not {child!r}")
    return child
