"""The engine of CEL is loaded by itself and is the one that the whole package has."""

import subprocess
import sys


def said(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_no_command_line_comes_with_it() -> None:
    program = (
        "from secaudit.content.engine import cel; import sys; print(cel.evaluate('1 + 1'), *sys.modules)"
    )
    first, *modules = said(program).split()
    assert first == "2"
    assert not {"cel.cli", "prompt_toolkit", "typer"} & set(modules)


def test_whoever_imports_the_package_first_or_later_gets_the_same_engine() -> None:
    later = "from secaudit.content.engine import cel as ours; import cel; print(ours.Program is cel.Program)"
    first = "import cel; from secaudit.content.engine import cel as ours; print(ours.Program is cel.Program)"
    assert said(later) == said(first) == "True"
