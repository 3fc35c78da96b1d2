"""A form that may carry files: its words come first, whatever becomes of the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Final

from flask import request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.sansio import multipart

from app.answering.given_back import MAX_GIVEN_BACK
from app.media.limits import KINDS
from app.web.protection import MAX_PARTS

if TYPE_CHECKING:
    from werkzeug.sansio.multipart import Event

#: Each field that carries a file, with the kind of media it is meant for.
FIELDS: Mapping[str, str] = MappingProxyType({"voix": "audio", "film": "video", "photo": "image"})
#: A body is read up to here; what stands beyond is not, and the words before it are given back.
MOST_READ: Final = 200 * 1024 * 1024
_BITE: Final = 64 * 1024


@dataclass(slots=True)
class Arrived:
    """Be one file that came with the form; its name and its type, which anybody writes, are not."""

    field: str
    size: int = 0
    #: Where it waits until the words are kept; None when it is too heavy, or when there is no room.
    content: IO[bytes] | None = None
    is_too_heavy: bool = False

    @property
    def kind(self) -> str:
        """Return the kind of media it is meant for."""
        return FIELDS[self.field]

    def add(self, data: bytes) -> None:
        """Keep a piece, or only count it: a file that cannot be kept must not cost the words."""
        self.size += len(data)
        self.is_too_heavy = self.size > KINDS[self.kind].most_bytes
        try:
            if self.content is None and self.size == len(data):
                self.content = TemporaryFile()  # noqa: SIM115 - closed by `drop`
            if self.content is not None and not self.is_too_heavy:
                self.content.write(data)
                return
        except OSError:  # the disk is full: the words may still be kept
            pass
        self.drop()

    def drop(self) -> None:
        """Forget the bytes."""
        if self.content is not None:
            self.content.close()
        self.content = None


@dataclass(slots=True)
class ReadForm:
    """Be a form as it was sent, files apart."""

    typed: dict[str, list[str]] = field(default_factory=dict)
    files: list[Arrived] = field(default_factory=list)
    #: False when it was cut, broken, or heavier than what is read: the words are what came first.
    is_whole: bool = True

    @property
    def announced(self) -> tuple[tuple[str, int], ...]:
        """Return kind and size of each file: those that came, and those the script will send."""
        later = [said.partition(":") for said in self.typed.get("annonce", ())]
        return (
            *((one.kind, one.size) for one in self.files),
            *(
                (kind, int(size))
                for kind, _, size in later
                if kind in KINDS and size.isascii() and size.isdigit() and len(size) < 10
            ),
        )


def read_form() -> ReadForm:
    """Read the form of this request, with or without files; call it before `request.form`."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = request.max_form_memory_size = MAX_GIVEN_BACK
        return ReadForm(request.form.to_dict(flat=False))
    # One more than what comes: gunicorn ends its streams itself, and Werkzeug then raises at the
    # very limit. What is read is bounded by MOST_READ.
    request.max_content_length = (request.content_length or 0) + 1
    reader = _Reader(request.mimetype_params.get("boundary", "").encode())
    try:
        return reader.read(request.stream)
    except (ValueError, RequestEntityTooLarge, ClientDisconnected):
        reader.form.is_whole = False
        return reader.form


class _Reader:
    """Take a multipart body part after part: only here is it known which field a file is of."""

    def __init__(self, boundary: bytes) -> None:
        self.form = ReadForm()
        self._decoder = multipart.MultipartDecoder(boundary, MAX_GIVEN_BACK, max_parts=MAX_PARTS)
        self._words: bytearray | None = None
        self._name = ""
        self._file: Arrived | None = None
        self._room = MAX_GIVEN_BACK

    def read(self, stream: IO[bytes]) -> ReadForm:
        """Read the whole stream, or as much of it as is ever read."""
        left = MOST_READ
        while piece := stream.read(min(_BITE, left)):
            left -= len(piece)
            self._decoder.receive_data(piece)
            self._follow()
        self._decoder.receive_data(None)
        self._follow()
        return self.form

    def _follow(self) -> None:
        while True:
            event = self._decoder.next_event()
            if isinstance(event, multipart.NeedData | multipart.Epilogue):
                return
            self._take(event)

    def _take(self, event: Event) -> None:
        if isinstance(event, multipart.Field):
            self._name, self._words, self._file = event.name or "", bytearray(), None
        elif isinstance(event, multipart.File):
            self._words, self._file = None, self._open(event.name)
        elif isinstance(event, multipart.Data):
            if self._words is not None:
                self._say(self._words, event)
            elif self._file is not None and event.data:
                self._fill(self._file, event.data)

    def _say(self, words: bytearray, event: multipart.Data) -> None:
        self._room -= len(event.data)
        if self._room < 0:
            raise RequestEntityTooLarge
        words += event.data
        if not event.more_data:
            self.form.typed.setdefault(self._name, []).append(words.decode("utf-8", "replace"))
            self._words = None

    def _open(self, name: str) -> Arrived | None:
        """Prepare for the file of a field of ours, once; any other is read and thrown away."""
        known = {one.field for one in self.form.files}
        return Arrived(name) if name in FIELDS and name not in known else None

    def _fill(self, file: Arrived, data: bytes) -> None:
        """Count a file from its first byte: an empty field also comes as a file, without any."""
        if not file.size:
            self.form.files.append(file)
        file.add(data)
