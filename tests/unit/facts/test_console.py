"""Rescue shells, Ctrl-Alt-Del and the boot loader, from unit files and drop-ins."""

import subprocess
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.config_files import config_files
from secaudit.facts.console import (
    BOOT_LOADER_PROBE,
    CONSOLE,
    BootLoader,
    build_console_keys,
    parse_boot_loader,
    rescue_shells,
)
from secaudit.facts.fact import GapFound
from tests.unit.facts.answers import evidence, in_root

UNIT = "[Service]\nExecStart=-/usr/lib/systemd/systemd-sulogin-shell rescue\n"
RHEL_7 = """[Service]
ExecStart=-/bin/sh -c "/usr/sbin/sulogin; /usr/bin/systemctl --job-mode=fail --no-block default"
"""
VENDOR = "usr/lib/systemd/system/rescue.service"
OWN = "etc/systemd/system/rescue.service"
DROP_IN = "etc/systemd/system/rescue.service.d/shell.conf"


def probe(root: Path, files: dict[str, str]) -> str:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    merged = replace(CONSOLE, command=CONSOLE.command.replace(" /lib/", " /usr/lib/"))
    return in_root(root, merged)


@pytest.mark.parametrize(
    ("files", "asks", "forced"),
    [
        ({VENDOR: UNIT}, True, False),
        ({VENDOR: RHEL_7}, True, False),
        ({VENDOR: UNIT, DROP_IN: "[Service]\nExecStart=\nExecStart=-/bin/bash\n"}, False, False),
        ({VENDOR: UNIT, DROP_IN: "[Service]\n#ExecStart=\n# ExecStart=-/bin/bash\n"}, True, False),
        ({VENDOR: UNIT, DROP_IN: "[Service]\nEnvironment=SYSTEMD_SULOGIN_FORCE=1\n"}, True, True),
        (
            {VENDOR: UNIT, DROP_IN: "[Service]\nExecStart=\nExecStart=-/usr/sbin/sulogin --force\n"},
            False,
            True,
        ),
        ({VENDOR: UNIT, OWN: "[Service]\nExecStart=/bin/sh\n"}, False, False),
        ({VENDOR: "[Service]\nExecStart=/bin/sh\n", OWN: UNIT}, True, False),
        ({OWN: ""}, False, False),
    ],
)
def test_whether_the_rescue_shell_asks(
    tmp_path: Path, files: dict[str, str], asks: bool, forced: bool
) -> None:
    (row,) = rescue_shells(config_files(probe(tmp_path, files)))
    assert (row.unit, row.asks, row.forced) == ("rescue.service", asks, forced)


def test_a_masked_unit_lets_nobody_in() -> None:
    text = "#= /etc/systemd/system/rescue.service\n masked\n#+ /usr/lib/systemd/system/emergency.service\n"
    text += "#= /usr/lib/systemd/system/emergency.service\n sulogin\n"
    assert [row.unit for row in rescue_shells(config_files(text))] == ["emergency.service"]


@pytest.mark.parametrize(
    ("text", "restarts"),
    [
        ("#= systemd\n runs\n#+ /usr/lib/systemd/system/ctrl-alt-del.target\n", True),
        ("#= systemd\n runs\n#= /etc/systemd/system/ctrl-alt-del.target\n masked\n", False),
        ("#+ /usr/lib/systemd/system/ctrl-alt-del.target\n", False),
        ("#+ /etc/inittab\n#= /etc/inittab\n ctrlaltdel\n", True),
        ("#+ /etc/inittab\n#= /etc/inittab\n", False),
    ],
)
def test_who_restarts_the_machine_by_its_keys(text: str, restarts: bool) -> None:
    assert build_console_keys(evidence({CONSOLE: text})).ctrl_alt_del_restarts is restarts


GRUB = 'set superusers="root"\nexport superusers\n'
USER_CFG = GRUB + "password_pbkdf2 root ${GRUB2_PASSWORD}\n"


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({}, BootLoader(False, False)),
        ({"grub/grub.cfg": "menuentry x {\n}\n"}, BootLoader(True, False)),
        ({"grub/grub.cfg": GRUB + "password_pbkdf2 root grub.pbkdf2.CANARY\n"}, BootLoader(True, True)),
        ({"grub/grub.cfg": GRUB + "#password_pbkdf2 root grub.pbkdf2.CANARY\n"}, BootLoader(True, False)),
        ({"grub/grub.cfg": "password root CANARY\n"}, BootLoader(True, False)),
        ({"grub2/grub.cfg": USER_CFG}, BootLoader(True, False)),
        (
            {"grub2/grub.cfg": USER_CFG, "grub2/user.cfg": "GRUB2_PASSWORD=grub.pbkdf2.CANARY\n"},
            BootLoader(True, True),
        ),
        ({"grub2/grub.cfg": USER_CFG, "grub2/user.cfg": "GRUB2_PASSWORD=\n"}, BootLoader(True, False)),
    ],
)
def test_whether_the_boot_loader_asks(tmp_path: Path, files: dict[str, str], found: BootLoader) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    command = BOOT_LOADER_PROBE.command.replace("/boot/", f"{tmp_path}/")
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, timeout=20, check=True)
    assert "CANARY" not in done.stdout
    assert parse_boot_loader(done.stdout) == found


UNIT_LINES = ["#= systemd", "#+ /etc/systemd/system/rescue.service", " reset", " masked"]


@given(
    st.lists(st.sampled_from([*UNIT_LINES, "end", "superusers", "password own"]) | st.text(max_size=20)).map(
        "\n".join
    )
)
def test_any_text_gives_a_value_or_a_gap(text: str) -> None:
    with suppress(GapFound):
        rescue_shells(config_files(text))
    with suppress(GapFound):
        build_console_keys(evidence({CONSOLE: text}))
    with suppress(GapFound):
        parse_boot_loader(text)
