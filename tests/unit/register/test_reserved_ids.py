"""Ids that a command takes for something else."""

from pathlib import Path

import pytest

from secaudit.errors import UsageError
from secaudit.register.adding import RESERVED, add_system, new_system_text


@pytest.mark.parametrize("word", RESERVED)
def test_a_first_word_of_report_is_no_id_of_a_new_system(tmp_path: Path, word: str) -> None:
    with pytest.raises(UsageError, match=f"{word} is no id for a system") as refused:
        add_system(tmp_path, {"id": word}, [])
    assert refused.value.hint == f"Choose another one, like {word}-1."
    assert list(tmp_path.iterdir()) == []
    assert f'id: "{word}-1"' in new_system_text({"id": f"{word}-1"}, [])
