"""What partners say joins up: the figures count among answers that one sentence adds up."""

from __future__ import annotations

from app.bilan.partners_said import _both, _signed


def test_signed_and_shared_answers_add_up_in_one_sentence() -> None:
    assert _both(8, 3, 5, 6) == (
        "8\u00a0réponses : 3 des 6 partenaires sollicités ont signé la leur, "
        "5 sont venues par le lien commun."
    )
    assert _both(2, 1, 1, 6) == (
        "2\u00a0réponses : 1 des 6 partenaires sollicités a signé la sienne, "
        "1 est venue par le lien commun."
    )
    assert _both(4, 1, 3, 1).startswith("4\u00a0réponses : le partenaire sollicité a signé")


def test_who_answered_is_said_over_who_was_asked() -> None:
    assert _signed(3, 6) == "3\u00a0partenaires sur 6 sollicités ont répondu"
    assert _signed(1, 1) == "1\u00a0partenaire sur 1 sollicité a répondu"
