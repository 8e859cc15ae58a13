"""50 questions on every host: secaudit, pyinfra and ansible-core one after the other, each as a program of its own."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from itertools import cycle, islice
from pathlib import Path

import yaml

from bench.figures import NotHere, Row, Target
from bench.hosts import Scene
from bench.timing import Ended, program
from secaudit.collect import visit_asset
from secaudit.model.evidence import Probe
from secaudit.transport import open_transport
from tests.lab.hosts import USER, Lab

QUESTIONS = 50
# so many of the checklist, each asked again: the way there is compared, not how long a host searches its files
LIGHT = 25
# the word by which a probe calls what needs root: here all of a question runs as root
ROOT = 'root() { "$@"; }\n'
FORKS = 10
ROUNDS = 3
HERE = Path(__file__).parent
TREE = HERE.parent.parent
ENVIRONMENT = TREE / ".bench/peers"
VERSIONS = ("ansible-core==2.19.14", "pyinfra==3.10.0")


def peers(scene: Scene) -> tuple[Row, ...]:
    """Time on the wall from the start of a program to its end."""
    _install()
    folder = scene.folder
    _write(folder, scene.lab, _questions(_lightest(scene)))
    ours, pyinfra = [], []
    for _ in range(ROUNDS):
        ours.append(_ours(folder, len(scene.lab.hosts)))
        pyinfra.append(_ran(folder, "pyinfra", "-y", "inventory.py", str(HERE / "pyinfra_deploy.py")))
    ansible = _ran(folder, "ansible-playbook", "-f", str(FORKS), "-i", "inventory.json", "playbook.yml")
    ours.append(_ours(folder, len(scene.lab.hosts)))
    ours_s = statistics.median(ended.wall_s for ended in ours)
    pyinfra_s = statistics.median(ended.wall_s for ended in pyinfra)
    what = f"time for the same {QUESTIONS} questions on {len(scene.lab.hosts)} hosts"
    return tuple(
        Row(what, f"{ours_s:.2f} s", f"{peer}: {peer_s:.1f} s", peer_s / ours_s, Target(least, at_least=True))
        for peer, peer_s, least in (
            (f"{VERSIONS[0]}, pipelining, {FORKS} forks, one task a question", ansible.wall_s, 30),
            (f"{VERSIONS[1]}, one operation a question", pyinfra_s, 2),
        )
    )


def _install() -> None:
    """The others, in an environment of their own. Raises NotHere."""
    wanted = ENVIRONMENT / "installed"
    if wanted.exists() and wanted.read_text().split() == list(VERSIONS):
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=True)
    pip = ["-m", "pip", "--disable-pip-version-check", "--quiet", "install", *VERSIONS]
    done = subprocess.run([ENVIRONMENT / "bin/python", *pip], stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise NotHere(f"pip cannot install {' '.join(VERSIONS)}: {done.stderr.strip().splitlines()[-1]}")
    wanted.write_text("\n".join(VERSIONS))


def _lightest(scene: Scene) -> list[Probe]:
    """The questions of the checklist that a host answers fastest."""
    planned, asset = scene.owed()[0]
    seen = visit_asset(planned, asset, open_transport(asset, scene.folder, scene.secrets)).observations
    took = {answer.probe_id: answer.duration_ms for answer in seen if answer.gap is None}
    asked = [probe for probe in planned.probes if probe.id in took]
    return sorted(asked, key=lambda probe: took[probe.id])[:LIGHT]


def _questions(probes: Sequence[Probe]) -> list[Probe]:
    """From the first again until there are enough."""
    return [
        replace(probe, id=f"{probe.id}.{number}", command=ROOT + probe.command, as_root=())
        for number, probe in enumerate(islice(cycle(probes), QUESTIONS))
    ]


def _ours(folder: Path, hosts: int) -> Ended:
    command = [sys.executable, "-m", "bench.peers.ours", str(folder)]
    ended = program(command, folder, {**os.environ, "PYTHONPATH": str(TREE)})
    answers = (folder / "output").read_text().strip()
    assert ended.code == 0, answers
    assert int(answers) > 0.9 * QUESTIONS * hosts, answers
    return ended


def _ran(folder: Path, name: str, *arguments: str) -> Ended:
    ended = program([str(ENVIRONMENT / "bin" / name), *arguments], folder)
    assert ended.code == 0, (folder / "output").read_text()[-2000:]
    return ended


def _write(folder: Path, lab: Lab, questions: Sequence[Probe]) -> None:
    """What the three programs read."""
    asked = [asdict(probe) for probe in questions]
    (folder / "questions.json").write_text(json.dumps(asked))
    options = f"-o UserKnownHostsFile={lab.known_hosts} -o StrictHostKeyChecking=yes"
    ansible = {"ansible_user": USER, "ansible_ssh_private_key_file": str(lab.key), "ansible_pipelining": True}
    addresses = [host.address for host in lab.hosts.values()]
    inventory = {
        "all": {"hosts": dict.fromkeys(addresses), "vars": ansible | {"ansible_ssh_common_args": options}}
    }
    (folder / "inventory.json").write_text(json.dumps(inventory))
    (folder / "playbook.yml").write_text(_playbook(questions))
    pyinfra = {"ssh_user": USER, "ssh_key": str(lab.key), "ssh_known_hosts_file": str(lab.known_hosts)}
    (folder / "inventory.py").write_text(f"hosts = {[(address, pyinfra) for address in addresses]!r}\n")


class _Unsafe(str):
    """Text that ansible must not take for a template."""

    __slots__ = ()


yaml.SafeDumper.add_representer(_Unsafe, lambda dumper, text: dumper.represent_scalar("!unsafe", text))


def _playbook(questions: Sequence[Probe]) -> str:
    tasks = [
        {
            "name": probe.id,
            "ansible.builtin.shell": {"cmd": _Unsafe(probe.command)},
            "become": probe.root,
            "failed_when": False,
        }
        for probe in questions
    ]
    return yaml.safe_dump([{"hosts": "all", "gather_facts": False, "tasks": tasks}], sort_keys=False)
