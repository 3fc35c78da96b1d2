"""What becomes of a testimony, from its arrival to its use."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

Status: TypeAlias = Literal["nouveau", "a_masquer", "valide", "refuse", "retire"]

#: Nobody of the team has decided yet.
NEW: Final = "nouveau"
#: Somebody read it: there is still something to mask.
TO_MASK: Final = "a_masquer"
#: Somebody confirmed that what may be shown names nobody.
VALIDATED: Final = "valide"
#: The team does not use it; the person's choices stay theirs.
REFUSED: Final = "refuse"
#: The person took back every use: it is kept for them, unread, until its end.
WITHDRAWN: Final = "retire"

#: In the order of the queue.
STATUSES: Mapping[Status, str] = MappingProxyType(
    {
        NEW: "À relire",
        TO_MASK: "À masquer",
        VALIDATED: "Gardés",
        REFUSED: "Écartés",
        WITHDRAWN: "Retirés",
    }
)
