"""What every layer of tests shares."""

import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

from secaudit import language

# How long an example takes says how busy the machine is, and nothing of our code.
settings.register_profile("no_clock", deadline=None)
settings.load_profile("no_clock")


@pytest.fixture(autouse=True, scope="session")
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the program keeps between runs stays apart from that of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


def pytest_configure() -> None:
    """Whoever starts the tests with ``&`` (SIGINT) or nohup (SIGHUP) ignores them; our scans are to heed both."""
    for number, heeding in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, heeding)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadFileScheduling:
    """How ``pytest -n`` deals tests out: a file to one worker (its fixtures are built once), and the lab.

    Not ``--dist loadgroup``: with pytest 9.2 and pytest-xdist 3.8 it groups nothing and says nothing.
    """
    scheduler = LoadFileScheduling(config, log)
    file_of = scheduler._split_scope
    scheduler._split_scope = lambda nodeid: "lab" if nodeid.startswith("tests/lab/") else file_of(nodeid)
    return scheduler


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Messages are English in every test, whatever the machine's locale or the test before."""
    language.use("en")
    yield
    language.use("en")


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables are as wide as they like, whatever terminal the tests run in (pytest -n sets COLUMNS)."""
    monkeypatch.delenv("COLUMNS", raising=False)
