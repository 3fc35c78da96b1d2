"""How heavy and how long a voice, a picture or a film may be, said before it is made."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["image", "audio", "video"]

IMAGE: Final = "image"
AUDIO: Final = "audio"
VIDEO: Final = "video"

_MEGABYTE = 1_000_000


class Limit(NamedTuple):
    """Be the most that is taken of one kind."""

    #: Of the file as it is sent.
    most_bytes: int
    #: Of what is kept; what follows is cut. 0 for what has no duration.
    most_seconds: int

    @property
    def megabytes(self) -> int:
        """Return the weight as people read it."""
        return self.most_bytes // _MEGABYTE

    @property
    def minutes(self) -> int:
        """Return the duration as people read it."""
        return self.most_seconds // 60


KINDS: Mapping[str, Limit] = MappingProxyType(
    {
        IMAGE: Limit(12 * _MEGABYTE, 0),
        AUDIO: Limit(25 * _MEGABYTE, 5 * 60),
        VIDEO: Limit(80 * _MEGABYTE, 2 * 60),
    }
)

#: Most bytes of one chunk. A telephone on a bad network loses half a megabyte at worst, and a
#: proxy that takes a megabyte lets it through.
CHUNK = 512 * 1024
#: Of what is kept, in points: of an image, and of the small picture that stands for a film.
LONGEST_SIDE = 1_600
POSTER_SIDE = 480
#: A file that stopped coming is given up after so many days: the draft on the phone is gone too.
GIVEN_UP_AFTER = 2
