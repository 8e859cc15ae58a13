"""Commands in a hint, as they are typed for the workspace that the hint is of."""

import re
import shlex
from pathlib import Path

from secaudit.cli.commands import COMMANDS

# these name the folder themselves
ELSEWHERE = ("init", "restore")


def typed_for(workspace: Path, hint: str) -> str:
    """The hint with its commands as they are typed for a workspace that is not this folder."""
    if workspace == Path():
        return hint
    named = "|".join(name for name in COMMANDS if name not in ELSEWHERE)
    with_it = f"secaudit --workspace {shlex.quote(str(workspace))} "
    return re.sub(rf"\bsecaudit (?=(?:{named})\b)", lambda _found: with_it, hint, flags=re.ASCII)
