"""Real texts spoilt: bytes flipped, lines doubled, dropped, joined, moved, cut, and odd things put in."""

from collections.abc import Callable

from hypothesis import strategies as st

_PUT = (
    *(
        "",
        "\0",
        "\r",
        "\t",
        "\x1b[31m",
        "\x85",
        "\u2028",
        "\ufeff",
        "\udc80",
        "9" * 400,
        "-1",
        "1e9",
        "0x1f",
        "\u0663",
    ),
    *(
        "\\",
        '"',
        "'",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "@@ ",
        "#= ",
        "@end",
        "end",
        "|",
        ":",
        "::",
        ",",
        "=",
        " = ",
        "!",
    ),
    *(
        "%",
        "*",
        "../",
        "/",
        "~",
        "$(x)",
        "<a>",
        "]]>",
        "\\x00",
        "99999",
        "65536",
        "256.256.256.256",
        "::/129",
        "/33",
    ),
)
Draw = Callable[[st.SearchStrategy[int]], int]


def mutated(text: str) -> st.SearchStrategy[str]:
    """The text after one to four changes."""
    return st.lists(_CHANGES, min_size=1, max_size=4).map(lambda changes: _applied(text, changes))


def _applied(text: str, changes: list[tuple[str, int, int, str]]) -> str:
    for kind, first, second, put in changes:
        text = _KINDS[kind](text, first, second, put)
    return text


def _put(text: str, first: int, second: int, put: str) -> str:
    at = first % (len(text) + 1)
    return text[:at] + put + text[at + second % 4 :]


def _flipped(text: str, first: int, second: int, put: str) -> str:
    raw = bytearray(text.encode("utf-8", "surrogatepass"))
    for at in (first, second):
        if raw:
            raw[at % len(raw)] ^= 1 << (at % 8)
    return raw.decode("utf-8", "backslashreplace")


def _cut(text: str, first: int, second: int, put: str) -> str:
    return text[: first % (len(text) + 1)]


def _line(text: str, first: int, second: int, put: str) -> str:
    """A line doubled, dropped, joined to the next, or put elsewhere."""
    lines = text.split("\n")
    at, to = first % len(lines), second % len(lines)
    match second % 4:
        case 0:
            lines.insert(at, lines[at])
        case 1:
            lines.pop(at)
        case 2:
            lines[at : at + 2] = [put.join(lines[at : at + 2])]
        case _:
            lines.insert(to, lines.pop(at))
    return "\n".join(lines)


def _swapped(text: str, first: int, second: int, put: str) -> str:
    """Two halves of the lines change places, the mark of the end among them."""
    lines = text.split("\n")
    at = first % len(lines)
    return "\n".join(lines[at:] + lines[:at])


def _word(text: str, first: int, second: int, put: str) -> str:
    """One word of one line becomes something else."""
    lines = text.split("\n")
    at = first % len(lines)
    words = lines[at].split(" ")
    words[second % len(words)] = put
    lines[at] = " ".join(words)
    return "\n".join(lines)


_KINDS: dict[str, Callable[[str, int, int, str], str]] = {
    "put": _put,
    "flip": _flipped,
    "cut": _cut,
    "line": _line,
    "swap": _swapped,
    "word": _word,
}
_POSITIONS = st.integers(0, 2**31)
_CHANGES = st.tuples(st.sampled_from(sorted(_KINDS)), _POSITIONS, _POSITIONS, st.sampled_from(_PUT))
