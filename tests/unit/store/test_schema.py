"""The migrations lead to the tables that the code uses."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from secaudit.store.database import open_engine
from secaudit.store.schema import METADATA, REVISION
from secaudit.store.upgrade import MIGRATIONS, bring_up_to_date


def test_the_migrations_make_exactly_these_tables(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/x.db")
    bring_up_to_date(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()


def test_the_newest_revision_is_the_one_that_the_code_knows() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_a_second_upgrade_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    for _night in range(2):
        engine = open_engine(f"sqlite:///{path}")
        bring_up_to_date(engine)
        engine.dispose()
        content = path.read_bytes()
    bring_up_to_date(engine := open_engine(f"sqlite:///{path}"))
    engine.dispose()
    assert path.read_bytes() == content


@pytest.mark.parametrize("name", ["with space.db", "100%.db", "中文.db"])
def test_a_path_may_hold_anything(tmp_path: Path, name: str) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/{name}")
    bring_up_to_date(engine)
    engine.dispose()
    assert (tmp_path / name).stat().st_size > 0
