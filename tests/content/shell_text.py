"""A POSIX sh text taken apart into its simple commands, redirections and loop variables, as far as probes need."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

OPERATORS = (";;", "&&", "||", ";", "&", "|", "(", ")", "\n")
RESERVED = {"if", "then", "else", "elif", "fi", "while", "until", "do", "done", "!", "{", "}"}
_REDIRECTION = re.compile(r"\d*(<<-?|<>|<&|>>|>&|>\||<|>)")
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")


class NotUnderstood(Exception):
    """A form of sh that this reader does not know: the probe must be written more plainly."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word (with its quotes), an operator, or a redirection with its target."""

    kind: str
    text: str
    target: str = ""


@dataclass(slots=True)
class Shell:
    """What a text does: ``commands`` with their words, ``redirections``, ``loops`` (variable → values).

    ``functions`` are the names it defines itself.
    """

    commands: list[list[str]] = field(default_factory=list)
    redirections: list[tuple[str, str]] = field(default_factory=list)
    loops: dict[str, list[str]] = field(default_factory=dict)
    functions: set[str] = field(default_factory=set)


def read_shell(text: str) -> Shell:
    """Everything the text can run, command substitutions included; raises NotUnderstood."""
    shell = Shell()
    _Reader(shell, text).read()
    return shell


class _Reader:
    def __init__(self, shell: Shell, text: str) -> None:
        self.shell = shell
        self.tokens = list(_Lexer(text, shell).tokens())
        self.at = 0

    def read(self) -> None:
        cases = 0
        while self.at < len(self.tokens):
            token = self.next()
            match token:
                case Token("operator", ";;"):
                    self.pattern()
                case Token("operator") | Token("redirection"):
                    continue
                case Token(_, "case"):
                    cases += 1
                    self.until("in")
                    self.pattern()
                case Token(_, "esac"):
                    cases -= 1
                case Token(_, "for"):
                    self.loop()
                case Token(_, word) if word in RESERVED or self.function(word):
                    continue
                case _:
                    self.command(token.text)
        if cases:
            raise NotUnderstood("case without esac")

    def next(self) -> Token:
        if self.at >= len(self.tokens):
            raise NotUnderstood("the text ends too early")
        self.at += 1
        return self.tokens[self.at - 1]

    def peek(self) -> Token:
        return self.tokens[self.at] if self.at < len(self.tokens) else Token("end", "")

    def until(self, text: str) -> None:
        while self.next().text != text:
            pass

    def pattern(self) -> None:
        """``a | b)`` of a case, or its ``esac``, which is left for the main loop."""
        while self.peek().text == "\n":
            self.next()
        if self.peek().text != "esac":
            self.until(")")

    def loop(self) -> None:
        name, values = self.next().text, self.shell.loops
        if self.peek().text != "in":
            return
        self.next()
        while self.peek().kind == "word":
            values.setdefault(name, []).append(self.next().text)

    def function(self, name: str) -> bool:
        """``name () {``: the name is no program (its body is read as any other)."""
        if [token.text for token in self.tokens[self.at : self.at + 2]] != ["(", ")"]:
            return False
        self.at += 2
        self.shell.functions.add(name)
        return True

    def command(self, word: str) -> None:
        words = [] if _ASSIGNMENT.match(word) else [word]
        while self.peek().kind in ("word", "redirection"):
            token = self.next()
            if token.kind == "word" and (words or not _ASSIGNMENT.match(token.text)):
                words.append(token.text)
        if words:
            self.shell.commands.append(words)


class _Lexer:
    def __init__(self, text: str, shell: Shell) -> None:
        self.text = text.replace("\\\n", " ")
        self.shell = shell
        self.at = 0

    def tokens(self) -> Iterator[Token]:
        while self.at < len(self.text):
            character = self.text[self.at]
            if character in " \t":
                self.at += 1
            elif character == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            elif redirection := _REDIRECTION.match(self.text, self.at):
                yield self.redirection(redirection)
            elif operator := next((o for o in OPERATORS if self.text.startswith(o, self.at)), None):
                self.at += len(operator)
                yield Token("operator", operator)
            else:
                yield Token("word", self.word())

    def redirection(self, found: re.Match[str]) -> Token:
        self.at = found.end()
        while self.text[self.at : self.at + 1] in (" ", "\t"):
            self.at += 1
        target = self.word()
        self.shell.redirections.append((found[1], target))
        return Token("redirection", found[1], target)

    def word(self) -> str:
        start = self.at
        while self.at < len(self.text):
            character = self.text[self.at]
            if character in " \t\n;&|()<>":
                break
            self.piece(character)
        if self.at == start:
            raise NotUnderstood(f"a word expected at {self.text[start : start + 20]!r}")
        return self.text[start : self.at]

    def piece(self, character: str) -> None:
        """One character, or a quoted or expanded piece; substituted commands are read too."""
        if character == "\\":
            self.at += 2
        elif character == "'":
            self.at = self.closing("'", self.at + 1)
        elif character == '"':
            self.at += 1
            while self.text[self.at : self.at + 1] != '"':
                if self.at >= len(self.text):
                    raise NotUnderstood("a quote is not closed")
                self.piece_in_quotes()
            self.at += 1
        elif character == "`":
            raise NotUnderstood("backquotes: write $(…)")
        elif self.text.startswith("$((", self.at):
            self.at = self.closing("))", self.at)
        elif self.text.startswith("$(", self.at):
            self.substitution()
        elif self.text.startswith("${", self.at):
            self.at = self.closing("}", self.at)
        else:
            self.at += 1

    def piece_in_quotes(self) -> None:
        character = self.text[self.at]
        if character in "\\`$":
            self.piece(character)
        else:
            self.at += 1

    def closing(self, text: str, start: int) -> int:
        end = self.text.find(text, start)
        if end < 0:
            raise NotUnderstood(f"{text} is missing")
        return end + len(text)

    def substitution(self) -> None:
        """``$(…)``: the end is where its parentheses balance outside quotes."""
        inner = _Lexer(self.text[self.at + 2 :], Shell())
        depth = 1
        for token in inner.tokens():
            depth += {"(": 1, ")": -1}.get(token.text, 0) if token.kind == "operator" else 0
            if depth == 0:
                break
        else:
            raise NotUnderstood("$( is not closed")
        _Reader(self.shell, inner.text[: inner.at - 1]).read()
        self.at += 2 + inner.at
