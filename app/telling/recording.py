"""The part of the page where people speak, film themselves or add a picture."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from app.media.limits import KINDS
from app.telling.uploads import FIELDS

if TYPE_CHECKING:
    from app.media.limits import Kind, Limit

Say = Callable[..., str]

#: Pictogram, first button (recorded in the page, or taken with the camera), second button.
_FACES: Final[Mapping[str, tuple[str, str, str]]] = {
    "voix": ("micro", "dire_je_parle", "dire_fichier"),
    "film": ("camera", "dire_me_filmer", "dire_fichier"),
    "photo": ("photo", "dire_prendre", "dire_choisir_photo"),
}
#: What the page must hold for this part.
PICTOGRAMS: Final = ("micro", "camera", "photo", "attention", "fait")
#: What the script says, by the name it takes it by.
_SCRIPT_WORDS: Final[Mapping[str, str]] = {
    "attend": "dire_attend",
    "voix": "dire_enregistre",
    "film": "dire_filme",
    "fini": "dire_fini",
    "limite": "dire_fini_limite",
    "choisi": "dire_choisi",
    "enleve": "dire_enleve",
    "interdit": "dire_interdit",
    "impossible": "dire_impossible",
    "rate": "dire_rate",
    "envoi": "envoi",
    "panne": "panne_histoire",
    "reessayer": "reessayer",
    "numero": "numero",
    "reste": "reste",
    "trop": "trop",
    "mots": "depart_mots",
    "cent": "depart_sur_cent",
    "encore": "depart_encore",
    "vide": "depart_vide",
}


@dataclass(frozen=True, slots=True)
class Means:
    """Be one way to tell without writing, with its limits said before it is used."""

    field: str
    kind: Kind
    picto: str
    label: str
    limit_words: str
    first: str
    second: str
    limit: Limit
    #: What the script says of it: too heavy, on its way, not gone yet.
    too_heavy: str
    going: str
    waiting: str
    #: What it says of a file that is something else, and of a photo that few devices read.
    unknown: str
    heic: str = ""

    @property
    def capture(self) -> str:
        """Return which camera the telephone opens: the person's own face, or what is before."""
        return {"video": "user", "image": "environment"}.get(self.kind, "")


def recording(say: Say, deposit: str) -> dict[str, Any]:
    """Return what `telling/recording.html` shows; `deposit` is where files go after the words.

    Without it, as in a trial, nothing is ever sent.
    """
    return {"means": [_means(say, field) for field in FIELDS], "deposit": deposit}


def script_words(say: Say) -> str:
    """Return what the script says, as the form holds it."""
    words = {name: say(key, n="{n}") for name, key in _SCRIPT_WORDS.items()}
    return json.dumps(words, ensure_ascii=False)


def explain(say: Say, problems: Mapping[str, str], *, has_more: bool = True) -> list[str]:
    """Say why each file that came is not kept (see `depositing.deposit_all`).

    `has_more` says that something else of the testimony is: its words, or another file.
    """
    rest = f" {say('fichier_reste')}" if has_more else ""
    return [
        say(_word(field, why)) + ("" if why == "refuse" else rest)
        for field, why in problems.items()
    ]


def _word(field: str, why: str) -> str:
    return f"fichier_{'inconnu' if why == 'heic' and field != 'photo' else why}_{field}"


def _means(say: Say, field: str) -> Means:
    kind = cast("Kind", FIELDS[field])
    limit = KINDS[kind]
    picto, first, second = _FACES[field]
    said = "dire_limite" if limit.most_seconds else "dire_limite_photo"
    return Means(
        field=field,
        kind=kind,
        picto=picto,
        label=say(f"dire_{field}"),
        limit_words=say(said, minutes=limit.minutes, taille=limit.megabytes),
        first=say(first),
        second=say(second),
        limit=limit,
        too_heavy=say("dire_trop_lourd", taille=limit.megabytes),
        going=say(f"depart_{field}"),
        waiting=say(f"depart_panne_{field}"),
        unknown=say(_word(field, "inconnu")),
        heic=say(_word(field, "heic")),
    )
