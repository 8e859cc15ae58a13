"""Proxies, and passwords in their settings."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.fact import GapFound
from secaudit.facts.proxies import PROXIES, Proxy, parse_proxies
from tests.unit.facts.answers import in_root


@pytest.mark.parametrize(
    ("path", "text", "rows"),
    [
        ("environment", "http_proxy=http://10.0.0.3:3128\n", [("10.0.0.3", False)]),
        ("environment", 'HTTPS_PROXY="http://ann:CANARY@proxy.lan:3128/"\n', [("proxy.lan", True)]),
        ("environment", "http_proxy=http://ann@proxy.lan:3128\n", [("proxy.lan", False)]),
        ("environment", "http_proxy=http://ann:CAN@ARY@proxy.lan\n", [("proxy.lan", True)]),
        ("environment", "#http_proxy=http://ann:CANARY@proxy.lan\nno_proxy=10.0.0.1,.lan\n", []),
        ("environment", "http_proxy=\nhttp_proxy_note=x\n", []),
        ("environment", "ALL_PROXY=socks5://[2001:db8::3]:1080\r\n", [("[2001:db8::3]", False)]),
        (
            "profile.d/p.sh",
            "\texport http_proxy='http://a:CANARY@10.0.0.3:1' https_proxy\n",
            [("10.0.0.3", True)],
        ),
        ("apt/apt.conf.d/80p", 'Acquire::http::Proxy "http://a:CANARY@10.0.0.3:1";\n', [("10.0.0.3", True)]),
        ("apt/apt.conf.d/80p", '// Acquire::http::Proxy "http://a:CANARY@10.0.0.3:1";\n', []),
        ("apt/apt.conf.d/80p", 'Acquire::http::Proxy::deb.lan "DIRECT";\n', []),
        ("apt/apt.conf", 'Acquire { http { Proxy "http://10.0.0.3:1"; }; };\n', [("10.0.0.3", False)]),
        (
            "yum.conf",
            "proxy = http://10.0.0.3:3128\nproxy_password=CANARY\n",
            [("10.0.0.3", False), ("-", True)],
        ),
        ("yum.repos.d/a.repo", "proxy=_none_\nproxy_password=\n", []),
        (
            "systemd/system/docker.service.d/p.conf",
            '[Service]\nEnvironment="HTTP_PROXY=http://a:CANARY@10.0.0.3"\n',
            [("10.0.0.3", True)],
        ),
        ("wgetrc", "https_proxy = http://10.0.0.3:18023/\n", [("10.0.0.3", False)]),
        (
            "systemd/system/docker.service.d/p.conf",
            'Environment="HTTP_PROXY=http://a:CANARY@10.0.0.3:1" "NO_PROXY=localhost,.lan"\n',
            [("10.0.0.3", True)],
        ),
        (
            "environment",
            'no_proxy="a,b" http_proxy=http://a:CANARY@10.0.0.3:1 https_proxy=http://10.0.0.4:1\n',
            [("10.0.0.3", True), ("10.0.0.4", False)],
        ),
        ("environment", 'http_proxy="http://ann:CAN;ARY@10.0.0.3:1"\n', [("10.0.0.3", True)]),
        ("environment", 'http_proxy="http://ann:CAN ARY@10.0.0.3:1"\n', [("10.0.0.3", True)]),
        ("profile.d/p.sh", "http_proxy=http://10.0.0.3:1;export http_proxy\n", [("10.0.0.3", False)]),
        ("profile.d/p.sh", 'export http_proxy="http://ann:CANARY@$PROXY:1"\n', [("-", True)]),
        ("profile.d/p.sh", "export http_proxy=$PROXY no_proxy=localhost\n", []),
        (
            "apt/apt.conf.d/80p",
            'Acquire::http::Proxy::deb.lan "http://a:CANARY@10.0.0.3:1";\n',
            [("10.0.0.3", True)],
        ),
        ("apt/apt.conf", 'proxy "http://10.0.0.3:1";\n', [("10.0.0.3", False)]),
    ],
)
def test_settings(tmp_path: Path, path: str, text: str, rows: list[tuple[str, bool]]) -> None:
    file = tmp_path / "etc" / path
    file.parent.mkdir(parents=True)
    file.write_text(text)
    file.chmod(0o644)
    told = in_root(tmp_path, PROXIES)
    assert "CAN" not in told
    assert parse_proxies(told) == tuple(Proxy(f"/etc/{path}", *row, True) for row in rows)


def test_who_may_read_it(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    file = tmp_path / "etc/environment"
    file.write_text("http_proxy=http://a:CANARY@10.0.0.3\n")
    file.chmod(0o640)
    assert parse_proxies(in_root(tmp_path, PROXIES)) == (Proxy("/etc/environment", "10.0.0.3", True, False),)


@pytest.mark.parametrize(
    "text", ["", "#+ /etc/environment\n", "#+ /a\n#= /a\n nonsense\n#end\n", "#! /a\n#end\n"]
)
def test_what_is_cut_off_or_strange_is_a_gap(text: str) -> None:
    with pytest.raises(GapFound):
        parse_proxies(text)


@given(st.text(max_size=80))
def test_any_text_is_a_value_or_a_gap(text: str) -> None:
    for answer in (text, f"#+ /a\n#= /a\n {text}\n#end\n"):
        try:
            parse_proxies(answer)
        except GapFound:
            continue
