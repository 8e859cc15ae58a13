"""An environment of its own that sees secaudit as the tests do, with packages installed into it by pip."""

import shutil
import site
import subprocess
import sys
import venv
from pathlib import Path

from tests.end_to_end import workspaces
from tests.end_to_end.workspaces import Printed

ROOT = Path(__file__).parents[2]


def environment(folder: Path, *packages: str) -> Path:
    """The Python of a new environment with these packages of ``tests/plugins``, built from copies."""
    venv.create(folder / "env", with_pip=False, symlinks=True)
    python = folder / "env/bin/python"
    _see_ours(folder / "env")
    sources = [folder / name for name in packages]
    for source in sources:
        shutil.copytree(ROOT / "tests/plugins" / source.name, source)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "--python", str(python)]
    install = ["install", "--no-deps", "--no-build-isolation", "--no-index", *map(str, sources)]
    done = subprocess.run([*pip, *install], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return python


def _see_ours(folder: Path) -> None:
    """Packages that the tests see are seen there too, after its own."""
    (packages,) = folder.glob("lib/python3*/site-packages")
    theirs = [path for path in (*site.getsitepackages(), *sys.path) if path.endswith("site-packages")]
    lines = [f"import site; site.addsitedir({path!r})" for path in dict.fromkeys(theirs)]
    (packages / "ours.pth").write_text("\n".join([*lines, str(ROOT), ""]), "utf-8")


def secaudit(python: Path, workspace: Path, *arguments: str) -> Printed:
    """Run one command with that Python to its end."""
    done = subprocess.run(
        [str(python), "-m", "secaudit", "--workspace", str(workspace), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=workspaces.environment(),
        stdin=subprocess.DEVNULL,
        cwd=workspace.parent,
    )
    return Printed(done.returncode, done.stdout, done.stderr)
