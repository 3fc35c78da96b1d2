"""A page compressed once still reads as the page it stands for."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.answering.spliced import MARK, Spliced

TEXT = st.text(st.characters(exclude_characters=MARK, exclude_categories=["Cs"]))


@given(parts=st.lists(TEXT, min_size=1, max_size=4), data=st.data())
def test_both_forms_hold_every_part_and_every_value_in_order(
    parts: list[str], data: st.DataObject
) -> None:
    values = [data.draw(TEXT) for _ in parts[1:]]
    page = Spliced(MARK.join(parts))
    expected = parts[0] + "".join(
        value + part for value, part in zip(values, parts[1:], strict=True)
    )
    assert page.plain(*values).decode() == expected
    assert gzip.decompress(page.gzip(*values)).decode() == expected


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        Spliced(f"a{MARK}b").gzip()
