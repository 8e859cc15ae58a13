"""What the stages of a night share: the workspace, the rules, which runs belong to the night."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Final

from secaudit.audit import Rules
from secaudit.audit.whole_runs import is_whole
from secaudit.cli.wiring import Workspace, load_rules, open_workspace
from secaudit.model.nightly import Nightly
from secaudit.model.register import Asset
from secaudit.model.run import RunState
from secaudit.notify import Secrets as NoticeSecrets
from secaudit.notify import load_notices, take_secrets
from secaudit.schedule.nights import Night
from secaudit.schedule.owed import Owed, owed_by
from secaudit.store import Store, StoredRun
from secaudit.transport import Secrets

# no rhythm looks further back (``weekly``)
_LOOK_BACK: Final = timedelta(days=9)


@dataclass(frozen=True)
class Tonight:
    """One night of a workspace. What is read from files is read when a stage first needs it."""

    folder: Path
    settings: Nightly
    night: Night
    ignores_window: bool = False
    _secrets: list[Secrets] = field(default_factory=list)

    @cached_property
    def opened(self) -> Workspace:
        """Raises ContentError with every mistake of the files."""
        return open_workspace(self.folder)

    @cached_property
    def rules(self) -> Rules:
        """Raises ContentError with every mistake of the content."""
        return load_rules(self.folder)

    def secrets(self, assets: Sequence[Asset]) -> Secrets:
        """The credentials of all that is visited this night. Nobody is asked: what is to be typed is missing."""
        if not self._secrets:  # values of the environment can be taken once
            self._secrets.append(Secrets(assets, os.environ, None))
        return self._secrets[0]

    @cached_property
    def notice_secrets(self) -> NoticeSecrets | None:
        """Those of notices: taken out of the environment once. Raises ContentError with the mistakes of notices:."""
        settings = load_notices(self.folder)
        return take_secrets(settings, os.environ) if settings else None

    def runs(self, store: Store) -> list[StoredRun]:
        """The runs that began in this night, the newest first."""
        return [run for run in store.runs() if self.night.has(run.started_at)]

    def complete_runs(self, store: Store) -> list[StoredRun]:
        """Those that are complete, the oldest first."""
        return [run for run in reversed(self.runs(store)) if run.state is RunState.COMPLETE]

    def counted_runs(self, store: Store) -> list[StoredRun]:
        """Complete runs, the oldest first, without those whose every system a whole run of this night shows newer."""
        newest = self.systems_scanned(store)
        return [
            run
            for run in self.complete_runs(store)
            if any(newest.get(system_id, run.id) == run.id for system_id in run.systems)
        ]

    def owed(self, store: Store) -> list[Owed]:
        """Every system with whether it is scanned this night."""
        last = {name: run.started_at for name, run in last_scans(store, self.night).items()}
        return owed_by(self.settings, self.opened.register.systems, last, self.night)

    def systems_scanned(self, store: Store) -> dict[str, str]:
        """System → the whole run of this night that covers it, of those that are registered."""
        last = last_scans(store, self.night)
        return {
            system.id: last[system.id].id
            for system in self.opened.register.systems
            if system.id in last and self.night.has(last[system.id].started_at)
        }


def last_scans(store: Store, night: Night) -> dict[str, StoredRun]:
    """System → its newest whole and complete run, of those days that a rhythm looks back on."""
    found: dict[str, StoredRun] = {}
    for run in store.runs():
        if run.started_at < night.opens - _LOOK_BACK:
            break
        if run.state is not RunState.COMPLETE or run.started_at >= night.next:
            continue  # what a clock that ran ahead left is no scan of a night to come
        for system_id in run.systems:
            if system_id not in found and is_whole(store, run.id, system_id):
                found[system_id] = run
    return found
