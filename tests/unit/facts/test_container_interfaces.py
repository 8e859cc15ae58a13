"""Interfaces of Docker, kubelet and etcd, and whether they ask who comes."""

from pathlib import Path

import pytest

from secaudit.facts.container_interfaces import INTERFACES, container_interfaces
from secaudit.facts.fact import GapFound
from tests.unit.facts.answers import in_root
from tests.unit.facts.joined_ports import port

KUBELET = "/var/lib/kubelet/config.yaml"


def file(path: str, *lines: str) -> str:
    return f"#+ {path}\n#= {path}\n" + "".join(f" {line}\n" for line in lines)


def found(process: str, number: int, *arguments: str, files: str = "") -> list[tuple[str, int, str]]:
    given = "\n".join(f"/proc/7/cmdline:{word}" for word in arguments)
    text = f"@@ files\n{files}\n@@ names\n/proc/7/comm:{process}\n@@ arguments\n{given}\n@@ end\n"
    return [(i.name, i.port, i.asks) for i in container_interfaces(text, (port(number, process),))]


@pytest.mark.parametrize(
    ("arguments", "lines", "asks"),
    [
        ((), (), "no"),
        (("--tlsverify",), (), "yes"),
        (("--tlsverify=false",), ("tlsverify true",), "no"),
        ((), ("tlsverify true",), "yes"),
        ((), ("tlsverify false", "tlsverify true"), "yes"),
    ],
)
def test_docker_on_its_usual_port(arguments: tuple[str, ...], lines: tuple[str, ...], asks: str) -> None:
    files = file("/etc/docker/daemon.json", *lines)
    assert found("dockerd", 2375, *arguments, files=files) == [("Docker", 2375, asks)]


def test_docker_on_the_port_it_is_told() -> None:
    assert found("dockerd", 4243, "tcp://0.0.0.0:4243") == [("Docker", 4243, "no")]
    assert found("dockerd", 4243, files=file("/etc/docker/daemon.json", "port 4243")) == [
        ("Docker", 4243, "no")
    ]


@pytest.mark.parametrize("number", [2377, 7946, 8080])
def test_swarm_and_published_ports_are_no_interface(number: int) -> None:
    assert found("dockerd", number) == []


@pytest.mark.parametrize(
    ("arguments", "files", "asks"),
    [
        ((f"--config={KUBELET}",), file(KUBELET), "yes"),
        ((f"--config={KUBELET}",), file(KUBELET, "anonymous true"), "no"),
        ((f"--config={KUBELET}",), file(KUBELET, "anonymous false"), "yes"),
        ((f"--config={KUBELET}", "--anonymous-auth=false"), file(KUBELET, "anonymous true"), "yes"),
        ((f"--config={KUBELET}", "--anonymous-auth=true"), file(KUBELET), "no"),
        (("--config=/srv/Kubelet.yaml",), "", "unsure"),
        (("--config",), file(KUBELET), "unsure"),  # the path is the next argument
        (("--authorization-mode=Webhook",), "", "no"),
        ((), "", "unsure"),
    ],
)
def test_kubelet(arguments: tuple[str, ...], files: str, asks: str) -> None:
    assert found("kubelet", 10250, *arguments, files=files) == [("kubelet", 10250, asks)]


def test_the_read_only_port_of_kubelet_asks_nobody() -> None:
    assert found("kubelet", 10255, f"--config={KUBELET}", files=file(KUBELET)) == [("kubelet", 10255, "no")]


@pytest.mark.parametrize(("arguments", "asks"), [(("--client-cert-auth=true",), "yes"), ((), "unsure")])
def test_etcd(arguments: tuple[str, ...], asks: str) -> None:
    assert found("etcd", 2379, *arguments) == [("etcd", 2379, asks)]


def test_loopback_and_the_arguments_of_others_do_not_count() -> None:
    text = "@@ files\n@@ names\n@@ arguments\n/proc/8/cmdline:tcp://0.0.0.0:4243\n@@ end\n"
    assert container_interfaces(text, (port(4243, "dockerd"), port(2375, "dockerd", exposed=False))) == ()


def test_what_is_cut_off_is_a_gap() -> None:
    with pytest.raises(GapFound):
        container_interfaces("@@ files\n", ())


def test_the_probe_reads_only_what_matters(tmp_path: Path) -> None:
    folder = tmp_path / "etc/docker"
    folder.mkdir(parents=True)
    (folder / "daemon.json").write_text(
        '{\n  "hosts": ["unix:///run/docker.sock", "tcp://[::]:2375", "tcp://10.0.0.5:4243"],\n'
        '  "tlsverify":\tfalse,\n  "proxies": {"http-proxy": "http://u:CANARY@p:1"}\n}\n'
    )
    (tmp_path / "etc/kubernetes").mkdir()
    (tmp_path / "etc/kubernetes/kubelet.yaml").write_text(
        "authentication:\n  webhook:\n    enabled: true\n  anonymous:\n    # enabled: false\n    enabled: True\n"
        "token: CANARY\n"
    )
    text = in_root(tmp_path, INTERFACES)
    assert "CANARY" not in text
    assert " tlsverify false" in text
    assert " port 4243\n" in text
    assert " port 2375\n" in text
    assert text.count(" anonymous ") == 1
    assert " anonymous true" in text
