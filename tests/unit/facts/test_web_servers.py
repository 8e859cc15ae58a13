"""The TLS that sites of nginx and Apache are told to offer."""

from pathlib import Path

import pytest

from secaudit.facts.apache_sites import protocols_of
from secaudit.facts.fact import GapFound
from secaudit.facts.packages import Package
from secaudit.facts.processes import Processes
from secaudit.facts.ssh_keys import CryptoPolicy
from secaudit.facts.tls_probe import TLS
from secaudit.facts.web_servers import TlsSite, build_web_servers, newer_nginx
from tests.unit.facts.answers import evidence, in_root

BLOCKS = ("http", "{", "include /etc/nginx/conf.d/*.conf", "include sites-enabled/*", "}")


def file(path: str, *lines: str) -> str:
    return f"#+ {path}\n#= {path}\n" + "".join(f" {line}\n" for line in lines)


def sites(
    *files: str,
    daemon: str = "nginx",
    nginx: str = "1.22.1-9",
    openssl: str = "libssl1.1",
    policy: str = "none",
) -> tuple[TlsSite, ...]:
    text = "@@ settings\n" + "".join(files) + "@@ certificates\n@@ end\n"
    packages = (
        Package("nginx-common", nginx, "all", "dpkg"),
        Package(openssl, openssl.removeprefix("libssl") + ".0", "amd64", "dpkg"),
    )
    facts = {
        "processes": Processes("systemd", (), (daemon,)),
        "packages": packages,
        "system_crypto_policy": CryptoPolicy(policy, policy, ()),
    }
    return build_web_servers(evidence({TLS: text}, facts))


def told(*found: TlsSite) -> list[tuple[str, str, bool]]:
    return [(site.file.rpartition("/")[2], site.protocols, site.old) for site in found]


def site(path: str, *words: str) -> str:
    return file(f"/etc/nginx/{path}", "server", "{", *words, "}")


def test_a_server_of_its_own_mind_and_one_that_follows() -> None:
    main = file("/etc/nginx/nginx.conf", "http", "{", "ssl_protocols TLSv1 TLSv1.2", *BLOCKS[2:])
    a = site("sites-enabled/a", "listen 443 ssl", "ssl_protocols TLSv1.2 TLSv1.3")
    b = site("sites-enabled/b", "listen [::]:443 ssl http2", "{", "}")
    assert told(*sites(main, a, b)) == [("a", "TLSv1.2 TLSv1.3", False), ("b", "TLSv1 TLSv1.2", True)]


def test_protocols_behind_the_include_hold_as_well() -> None:
    main = file("/etc/nginx/nginx.conf", *BLOCKS[:-1], "ssl_protocols TLSv1.2", "}")
    assert told(*sites(main, site("conf.d/a.conf", "listen 443 ssl"))) == [("a.conf", "TLSv1.2", False)]


def test_those_of_http_do_not_reach_streams() -> None:
    stream = ("{", "server", "{", "listen 636 ssl", "}", "}")
    main = file("/etc/nginx/nginx.conf", "http", "{", "ssl_protocols TLSv1.2", "}", *stream)
    assert told(*sites(main)) == [("nginx.conf", "default", True)]


def test_a_site_without_tls_and_a_file_that_nothing_includes_do_not_count() -> None:
    main = file("/etc/nginx/nginx.conf", "http", "{", "ssl_protocols TLSv1", "include conf.d/*.conf", "}")
    plain = site("conf.d/a.conf", "listen 80")
    left = site("sites-enabled/b", "listen 443 ssl", "ssl_protocols TLSv1")
    assert sites(main, plain, left) == ()


@pytest.mark.parametrize(
    ("nginx", "old"), [("1.22.1-9", True), ("1.23.4-1", False), ("1:1.26.3-3+deb13u1", False)]
)
def test_the_default_of_nginx(nginx: str, old: bool) -> None:
    found = sites(
        file("/etc/nginx/nginx.conf", *BLOCKS), site("conf.d/a.conf", "listen 443 ssl"), nginx=nginx
    )
    assert told(*found) == [("a.conf", "default", old)]
    assert found[0].told


def test_a_release_that_nobody_knows_decides_nothing() -> None:
    assert newer_nginx([Package("nginx-common", "git", "all", "dpkg")]) is None
    assert newer_nginx([]) is None


@pytest.mark.parametrize(
    ("openssl", "policy", "words", "refused"),
    [
        ("libssl1.1", "none", (), False),
        ("libssl3", "none", (), True),
        ("libssl3", "none", ("seclevel",), False),
        ("libssl3", "LEGACY", (), False),
        ("libssl3", "DEFAULT", (), True),
    ],
)
def test_the_library_has_the_last_word(
    openssl: str, policy: str, words: tuple[str, ...], refused: bool
) -> None:
    main = file("/etc/nginx/nginx.conf", *BLOCKS)
    one = site("conf.d/a.conf", "listen 443 ssl", "ssl_protocols TLSv1 TLSv1.2", *words)
    (found,) = sites(main, one, openssl=openssl, policy=policy)
    assert (found.old, found.refused) == (True, refused)


def test_files_that_include_each_other_are_a_gap() -> None:
    main = file("/etc/nginx/nginx.conf", *["include nginx.conf"] * 9)
    with pytest.raises(GapFound):
        sites(main)


def test_nginx_from_elsewhere_is_a_gap() -> None:
    with pytest.raises(GapFound):
        sites(file("/etc/apache2/apache2.conf"))
    with pytest.raises(GapFound):
        sites(file("/etc/nginx/nginx.conf"), daemon="httpd")


def test_no_web_server_runs() -> None:
    assert sites(file("/etc/nginx/nginx.conf", *BLOCKS), daemon="cron") == ()


def test_virtual_hosts_of_apache() -> None:
    modules = file("/etc/apache2/mods-enabled/ssl.conf", "sslprotocol all -SSLv3")
    a = file("/etc/apache2/sites-enabled/a.conf", "<virtualhost", "sslengine on", "</virtualhost")
    own = ("<virtualhost", "sslprotocol -all +TLSv1.2 +TLSv1.3", "sslengine on", "</virtualhost")
    b = file("/etc/apache2/sites-enabled/b.conf", *own)
    c = file("/etc/apache2/sites-enabled/c.conf", "<virtualhost", "sslprotocol TLSv1", "</virtualhost")
    assert told(*sites(modules, a, b, c, daemon="apache2")) == [
        ("a.conf", "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3", True),
        ("b.conf", "TLSv1.2 TLSv1.3", False),
    ]


def test_what_apache_is_not_told_the_distribution_decides() -> None:
    (found,) = sites(
        file("/etc/httpd/conf.d/ssl.conf", "<virtualhost", "sslengine on", "</virtualhost"), daemon="httpd"
    )
    assert not found.told
    assert not found.old


@pytest.mark.parametrize(
    ("said", "protocols"),
    [
        ("all -SSLv3 -TLSv1 -TLSv1.1", "TLSv1.2 TLSv1.3"),
        ("TLSv1.2", "TLSv1.2"),
        ("TLSv1 TLSv1.2", "TLSv1.2"),  # the last bare word stands alone
        ("+TLSv1 +tlsv1.2", "TLSv1 TLSv1.2"),
        ("-all", "none"),
    ],
)
def test_protocols_of_apache(said: str, protocols: str) -> None:
    assert " ".join(protocols_of(said)) == protocols


def test_the_probe_reads_words_and_blocks(tmp_path: Path) -> None:
    folder = tmp_path / "etc/nginx"
    (folder / "conf.d").mkdir(parents=True)
    (folder / "nginx.conf").write_text(
        "http {\n  # ssl_protocols TLSv1;\n  log_format x '{ \"a\": 1 ';\n\tssl_protocols\tTLSv1.2  TLSv1.3; # TLSv1\n"
        "  include /etc/nginx/conf.d/*.conf;\n}\n"
    )
    (folder / "conf.d/a.conf").write_text(
        "server { listen 443 ssl; ssl_certificate a.pem; ssl_certificate_key CANARY;\n"
        "  ssl_ciphers DEFAULT@SECLEVEL=0; location / { proxy_set_header X CANARY; } }\n"
    )
    (folder / "a.pem").write_text(
        "-----BEGIN PRIVATE KEY-----\nCANARY\n-----END PRIVATE KEY-----\n"
        "-----BEGIN CERTIFICATE-----\nfirst\n-----END CERTIFICATE-----\n"
        "-----BEGIN CERTIFICATE-----\nsecond\n-----END CERTIFICATE-----\n"
    )
    apache = tmp_path / "etc/apache2/sites-enabled"
    apache.mkdir(parents=True)
    (apache / "b.conf").write_text(
        "<VirtualHost *:443>\n\tSSLEngine On\n\tSSLProtocol all  -SSLv3\n"
        f'\tSSLCertificateFile "{folder}/a.pem"\n'
        "</VirtualHost>\n# SSLProtocol TLSv1\n"
    )
    text = in_root(tmp_path, TLS)
    assert "CANARY" not in text
    assert "second" not in text
    assert text.count("first") == 1
    lines = text.splitlines()
    assert " ssl_protocols TLSv1.2 TLSv1.3" in lines
    assert " seclevel" in lines
    assert " sslprotocol all -SSLv3" in lines
    assert " sslengine on" in lines
    assert lines.count(" {") == lines.count(" }") == 3
    assert lines.count(" certificate /etc/nginx/a.pem") == 2
