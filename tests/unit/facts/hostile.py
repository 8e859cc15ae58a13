"""Texts of a megabyte that make a careless parser slow, or break it."""

import functools
import itertools
from collections.abc import Callable, Iterator
from functools import partial
from operator import mul

# A name, and what makes the text: only those that are read are made.
Shape = tuple[str, Callable[[], str]]

# One character or line again and again: of separators, quotes, brackets, joined lines.
_REPEATED = (
    *(
        "a",
        " ",
        "\n",
        "\\\n",
        ":",
        ",",
        "|",
        "=",
        "/",
        "#",
        '"',
        "(",
        '{"a":',
        "<a>",
        "a \\\n",
        "a=(",
        '"a\\"',
    ),
    *("@@ a\n", "#= /a\n", "\n \n", "a b ", "a\t", "$(", "end\n"),
)
# Lines that lead to the next one: includes, aliases, chains, groups.
_CHAINS = (
    "#= /etc/pam.d/s{0}\n auth include s{1}\n account substack s{1}",
    " auth include s{1}",
    "#= /etc/pam.d/common-auth\n auth [success={0} default=ignore] pam_unix.so",
    " User_Alias A{0} = A{1}, A{1}",
    " Cmnd_Alias A{0} = A{1}",
    " Runas_Alias A{0} = A{1}",
    ":c{0} - [0:0]\n-A c{0} -j c{1}\n-A c{0} -g c{1}",
    "*filter\n:INPUT DROP\n-A INPUT -s 10.{0}.0.0/8 -p tcp -m multiport --dports 1:{0} -j ACCEPT",
    "include /etc/a{1}",
    "net.ipv4.conf.eth{0}.rp_filter = {0}",
    "runs\ta{0}.timer\ta{1}.service\t-\t-\t-\t-",
    "user{0}:x:{0}:{0}:/home/{0}:/bin/bash",
    "tcp LISTEN 0 128 127.0.{0}.1:{0} 0.0.0.0:*",
)
_NUMBERS = ("9" * 5000, "-1", "0x" + "f" * 400, "1e999", "18446744073709551616", "\u0663")


@functools.cache
def repeated(size: int) -> tuple[Shape, ...]:
    """One short text again and again, on one line or many."""
    return tuple((f"repeated {text!r}", partial(mul, text, size // len(text))) for text in _REPEATED)


def chained(seed: str, size: int) -> Iterator[Shape]:
    """Definitions that lead one to the next, after the head of a real text."""
    head = "".join(seed.splitlines(keepends=True)[:3])
    for chain in _CHAINS:
        yield f"chain {chain!r}", partial(_linked, head, chain, size // (len(chain) + 6))


def documents(size: int) -> Iterator[Shape]:
    """JSON and XML that nest without an end, or name a range again and again."""
    for head, opening, closing in (
        ("", "[", "]"),
        ('{"nftables": [{"rule": {"family": "ip", "table": "t", "chain": "c", "expr": ', '{"a":', "}"),
        ("@@ nft\n", "[", "]"),
        ("@@ nft\n", '{"a":', "}"),
    ):
        depth = size // len(opening + closing)
        yield (
            f"nested {head!r} {opening!r}",
            partial("{}{}1{}".format, head, opening * depth, closing * depth),
        )
    ranges = '<nmaprun><scaninfo protocol="tcp" services="{}1"/><host/></nmaprun>'
    yield "ranges", partial(ranges.format, "1-65535," * (size // 8))
    yield "elements", partial("<nmaprun>{}{}</nmaprun>".format, "<a>" * (size // 7), "</a>" * (size // 7))


def _linked(head: str, chain: str, count: int) -> str:
    return head + "\n".join(chain.format(n, n + 1) for n in range(count))


def grown(seed: str, size: int) -> Iterator[Shape]:
    """A real text made long: repeated; each line again and again with one word made unique; joined; commented."""
    lines = seed.splitlines()
    times = size // (len(seed) + 1) + 1
    yield "whole", lambda: (seed * times)[:size]
    yield "joined", lambda: (" ".join(lines) * times)[:size]
    yield "continued", lambda: ("\\\n".join(lines) * times)[:size]
    yield "numbers", partial(_ending, lines, size)
    for word in range(5):
        yield f"word {word} unique", partial(_unique, lines, word, size)


def _ending(lines: list[str], size: int) -> str:
    """The lines over and over, an odd number at the end of each."""
    return _all_of((f"{line} {_NUMBERS[n % len(_NUMBERS)]}" for n, line in _cycled(lines)), size)


def _unique(lines: list[str], word: int, size: int) -> str:
    """The lines over and over, marks left alone, the word made unique by a running number."""
    return _all_of((_numbered(line, word, n) for n, line in _cycled(lines)), size)


def _all_of(lines: Iterator[str], size: int) -> str:
    """Lines until there are enough."""
    made: list[str] = []
    left = size
    while left > 0:
        made.append(next(lines))
        left -= len(made[-1]) + 1
    return "\n".join(made)


def _cycled(lines: list[str]) -> Iterator[tuple[int, str]]:
    return enumerate(itertools.cycle(lines or ["a b c"]))


def _numbered(line: str, word: int, number: int) -> str:
    if line.startswith(("@@", "#")) or line in ("end", "@end"):
        return line
    for separator in ("\t", "|", ":", " "):
        parts = line.split(separator)
        if len(parts) > word:
            parts[word] += str(number)
            return separator.join(parts)
    return line + str(number)
