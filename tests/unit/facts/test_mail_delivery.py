"""Whether mail to an account leaves the host. What Exim of Debian 12 does was asked of it: exim4 -bt root."""

import os
from pathlib import Path

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.mail_delivery import delivery, reaches
from secaudit.facts.mail_probe import MAIL
from secaudit.facts.processes import Processes
from secaudit.facts.sections import sections
from tests.unit.facts.answers import in_root

POSTFIX = Processes("systemd", ("master", "sshd"), ("master", "nullmailer-send", "sshd"))
NOTHING = Processes("systemd", ("sshd",), ("sshd",))
OUT = "root: @office.example\n"
FRESH = "= aliases.db 200\n= aliases 100\n"


def told(names: str = "", forward: str = "", own: str = "web", **of: str) -> str:
    parts = {"takes": "exim4", "postfix": "", "exim": "", "small": "", **of}
    given = {**parts, "names": names, "forward": forward, "own": own}
    return "".join(f"@@ {name}\n{text}\n" for name, text in given.items()) + "@@ end\n"


def exim(kind: str, *, smarthost: str = "mail.office.example", readhost: str = "", names: str = "web") -> str:
    return (
        f"dc_eximconfig_configtype={kind}\ndc_other_hostnames={names}\ndc_smarthost={smarthost}\n"
        f"dc_readhost={readhost}"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (told(OUT, takes=""), "no"),  # nothing takes mail
        (told(exim=exim("local")), "no"),
        (told(OUT, exim=exim("local")), "no"),
        (told(exim=exim("smarthost")), "no"),  # a mailbox of root here
        (told(OUT, exim=exim("smarthost")), "yes"),
        (told(OUT, exim=exim("internet")), "yes"),
        (told(OUT, exim=exim("smarthost", smarthost="")), "?"),
        (told(OUT, exim=exim("none")), "?"),
        (told("root: audit\n", exim=exim("smarthost")), "?"),  # perhaps read, perhaps led on
        (told("root: audit\naudit: @office.example\n", exim=exim("smarthost")), "yes"),
        (told("root: audit @office.example\n", exim=exim("internet")), "yes"),
        (told("root: /dev/null\n", exim=exim("internet")), "no"),
        (told("root: ?\n", exim=exim("internet")), "?"),  # a program, a file
        (told("root: @WEB\n", exim=exim("internet")), "?"),  # an account of this host, which is not told
        (told("root: audit\naudit: root\n", exim=exim("internet")), "no"),
        (told(forward="root: @office.example", exim=exim("smarthost")), "yes"),
        (told("root: root\n", exim=exim("smarthost")), "no"),
        # The first of two lines of a name counts.
        (told("root: audit\nroot: @office.example\n", exim=exim("smarthost")), "?"),
        (told(exim=exim("satellite", readhost="office.example")), "yes"),
        (told(exim=exim("satellite")), "no"),
        (told(own="web\nmailname office.example", exim=exim("smarthost")), "yes"),
        (told(own="web\nmailname web.office.example", exim=exim("smarthost")), "?"),
        (
            told(own="web\nmailname web.office.example", exim=exim("internet", names="web.office.example")),
            "no",
        ),
        (told(takes="exim4\nhas exim4.conf", names=OUT, exim=exim("internet")), "?"),
    ],
)
def test_exim_of_debian(text: str, expected: str) -> None:
    assert delivery(text, NOTHING).root_reaches == expected


@pytest.mark.parametrize(
    ("settings", "names", "processes", "expected"),
    [
        ("", OUT + FRESH, POSTFIX, "yes"),
        ("", FRESH, POSTFIX, "no"),
        ("", OUT + FRESH, NOTHING, "no"),  # it only queues
        ("", OUT + "= aliases.db 99\n= aliases 100\n", POSTFIX, "?"),  # newaliases was forgotten
        ("", "= aliases.db 99\n= aliases 100\n", POSTFIX, "?"),
        ("", "= aliases 100\n", POSTFIX, "?"),
        ("default_transport=error", OUT + FRESH, POSTFIX, "no"),
        ("mydestination=\nrelayhost=10.0.0.25", FRESH, POSTFIX, "yes"),  # all mail goes on
        ("mydestination=localhost\nmyorigin=office.example", FRESH, POSTFIX, "yes"),
        ("mydestination=$myhostname, localhost\nmyorigin=$myhostname", FRESH, POSTFIX, "no"),
        ("mydestination=/etc/postfix/domains", FRESH, POSTFIX, "?"),
        ("alias_maps=hash:/etc/postfix/aliases", FRESH, POSTFIX, "?"),
        ("virtual_alias_maps=hash:/etc/postfix/virtual", FRESH, POSTFIX, "?"),
        ("virtual_alias_maps=", FRESH, POSTFIX, "no"),
        ("luser_relay=ops", FRESH, POSTFIX, "?"),
    ],
)
def test_postfix(settings: str, names: str, processes: Processes, expected: str) -> None:
    text = told(names, takes="sendmail\nhas postfix", postfix=settings)
    assert delivery(text, processes).root_reaches == expected


def test_the_name_of_mail_on_debian_is_that_of_postfix() -> None:
    settings = "myorigin=/etc/mailname\nmydestination=$myhostname, localhost"
    text = told(FRESH, own="web\nmailname office.example", takes="sendmail.postfix", postfix=settings)
    assert delivery(text, POSTFIX).root_reaches == "yes"


@pytest.mark.parametrize(
    ("takes", "small", "processes", "expected"),
    [
        ("sendmail\nhas nullmailer-send", "root @office.example\nremote", POSTFIX, "yes"),
        ("sendmail\nhas nullmailer-send", "remote", POSTFIX, "?"),
        ("sendmail\nhas nullmailer-send", "root @office.example\nremote", NOTHING, "no"),
        ("sendmail\nhas nullmailer-send", "root @office.example", POSTFIX, "no"),
        ("ssmtp", "root @office.example", NOTHING, "yes"),
        ("ssmtp", "root postmaster", NOTHING, "?"),
        ("ssmtp", "", NOTHING, "?"),
        ("dma", "", NOTHING, "no"),
        ("busybox", "", NOTHING, "?"),
        ("msmtp", "", NOTHING, "?"),
        ("sendmail.sendmail", "", POSTFIX, "?"),
        ("sendmail", "", POSTFIX, "?"),
        ("of-somebody", "", NOTHING, "?"),
    ],
)
def test_others(takes: str, small: str, processes: Processes, expected: str) -> None:
    assert delivery(told(takes=takes, small=small), processes).root_reaches == expected


def test_other_recipients_than_root() -> None:
    mail = delivery(told("logcheck: root\n" + OUT, exim=exim("internet")), NOTHING)
    assert [reaches(mail, name) for name in ("logcheck", "root@localhost", "@office.example", "audit")] == [
        *("yes", "yes", "yes", "?")
    ]
    assert reaches(mail, "\\root") == "no"


def test_names_that_go_round_end() -> None:
    chain = "".join(f"a{n}: a{n + 1}\n" for n in range(50))
    mail = delivery(told(chain + "b: c\nc: b\n", exim=exim("internet")), NOTHING)
    assert (reaches(mail, "a1"), reaches(mail, "b")) == ("?", "no")


def test_the_probe_on_a_folder(tmp_path: Path) -> None:
    for folder in ("etc/exim4", "etc/postfix", "etc/ssmtp", "etc/nullmailer", "root"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "etc/aliases").write_text(
        "# root: nobody@other.example\nRoot:\taudit,\r\n  ops.chief+web@office.example\n\n"
        'pipe: "|/bin/run -p secret"\n'
        "list: :include:/srv/list\nnone: /dev/null\nhere: root@localhost"
    )
    os.utime(tmp_path / "etc/aliases", (100, 100))
    (tmp_path / "root/.forward").write_text("# mine\n\\root, chief@office.example\n")
    (tmp_path / "etc/postfix/main.cf").write_text(
        "myhostname = web.office.example\n#relayhost = no\nmydestination = $myhostname,\n\tlocalhost\n"
        "smtp_sasl_password_maps = hash:/etc/postfix/sasl\nrelayhost=[10.0.0.25]:587\n"
    )
    (tmp_path / "etc/exim4/update-exim4.conf.conf").write_text(
        "dc_eximconfig_configtype='local'\r\ndc_minimaldns='x'\n"
    )
    (tmp_path / "etc/ssmtp/ssmtp.conf").write_text("Root = ops@office.example\nAuthPass=secret\n")
    (tmp_path / "etc/nullmailer/remotes").write_text("10.0.0.25 smtp --user=x --pass=secret\n")
    (tmp_path / "etc/mailname").write_text("web.office.example\n")
    text = in_root(tmp_path, MAIL)
    found = sections(text)
    assert found["names"] == [
        *("root: audit @office.example", "pipe: ?", "list: ?", "none: /dev/null", "here: root@localhost"),
        "= aliases 100",
    ]
    assert found["forward"] == ["root: \\root @office.example"]
    assert found["postfix"] == [
        *(
            "myhostname=web.office.example",
            "mydestination=$myhostname, localhost",
            "relayhost=[10.0.0.25]:587",
        )
    ]
    assert found["exim"] == ["dc_eximconfig_configtype=local"]
    assert found["small"] == ["root @office.example", "remote"]
    assert found["own"][1:] == ["mailname web.office.example"]
    assert "secret" not in text
    assert "chief" not in text


@pytest.mark.parametrize("text", ["", "@@ takes\nexim4\n", told("x: y\n" * 2001)])
def test_what_is_cut_off_or_too_long_is_a_gap(text: str) -> None:
    with pytest.raises(GapFound):
        delivery(text, NOTHING)
