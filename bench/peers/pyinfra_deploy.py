"""A deploy of pyinfra that asks every question of ``questions.json`` in the current folder."""

import json
from pathlib import Path

from pyinfra.operations import server

for asked in json.loads(Path("questions.json").read_text()):
    server.shell(name=asked["id"], commands=[asked["command"]], _sudo=asked["root"], _ignore_errors=True)
