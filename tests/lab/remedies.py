"""What remedies tell the user to do, as it is done on hosts of the lab (remedies.yaml)."""

from collections.abc import Mapping
from pathlib import Path

import yaml

FILE = Path(__file__).with_suffix(".yaml")


def read(file: Path = FILE) -> Mapping[str, Mapping[str, str]]:
    """Host → check → commands, in the order they are done."""
    tried: dict[str, dict[str, str]] = yaml.safe_load(file.read_text())
    return tried
