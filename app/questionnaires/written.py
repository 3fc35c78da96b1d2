"""What an author may write in one place: a text, a code, a flag; and how it is remembered."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ModelWrapValidatorHandler,
    PrivateAttr,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import no_info_before_validator_function

from app.questionnaires.problems import Place
from app.questionnaires.yaml_text import Table, Word

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NUMBER = re.compile(r"0|[1-9][0-9]?")
_TRUE, _FALSE = ("true", "oui"), ("false", "non")


def refusal(message: str, remedy: str) -> PydanticCustomError:
    """Return the error that a validator raises, in the author's language."""
    return PydanticCustomError("recueil", "{message}", {"message": message, "remedy": remedy})


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise refusal("un texte est attendu ici", "écrivez un texte entre guillemets")
    words = unicodedata.normalize("NFC", " ".join(value.split()))
    if not words:
        raise refusal("le texte est vide", "écrivez le texte, ou retirez la clé")
    return words


def _phrase(value: object) -> str:
    """Read a text whose spaces count: « et si » is joined to what stands around it."""
    _text(value)
    return str(value)


def _id(value: object) -> str:
    if isinstance(value, str) and _CODE.fullmatch(value):
        return str(value)
    raise refusal(
        f"« {_shown(value)} » n'est pas un identifiant",
        "écrivez des minuscules sans accent, des chiffres et « _ », une lettre d'abord",
    )


def _code(value: object) -> int | str:
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return int(value)
    if isinstance(value, str) and _CODE.fullmatch(value):
        return str(value)
    raise refusal(
        f"« {_shown(value)} » n'est pas un code",
        "écrivez un petit nombre, ou des minuscules sans accent, des chiffres et « _ »",
    )


def _flag(value: object) -> bool:
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise refusal(f"« {_shown(value)} » n'est ni oui ni non", "écrivez true ou false")


def _size(value: object) -> int:
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 4:
        return int(value)
    raise refusal(f"« {_shown(value)} » n'est pas un nombre", "écrivez un nombre, par exemple 280")


def _indicator_id(value: object) -> str:
    if isinstance(value, str) and all(map(_CODE.fullmatch, value.split("."))):
        return str(value)
    raise refusal(
        f"« {_shown(value)} » n'est pas un identifiant d'indicateur",
        "écrivez par exemple « autonomie.progression »",
    )


def _shown(value: object) -> str:
    return value[:60] if isinstance(value, str) else "…"


def optional_name(value: object) -> str | None:
    """Read who reviewed a translation: nobody, however the author says it."""
    words = " ".join(value.split()) if isinstance(value, str) else ""
    return None if words.casefold() in ("", "~", "null", "non", "no", "personne") else words


Line: TypeAlias = Annotated[str, BeforeValidator(_text), Field(min_length=1)]
Phrase: TypeAlias = Annotated[str, BeforeValidator(_phrase), Field(min_length=1)]
Id: TypeAlias = Annotated[str, BeforeValidator(_id), Field(pattern=f"^{_CODE.pattern}$")]
IndicatorId: TypeAlias = Annotated[str, BeforeValidator(_indicator_id)]
CodeText: TypeAlias = Annotated[
    int | str,
    BeforeValidator(_code),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 0, "maximum": 99},
                   {"type": "string", "pattern": f"^{_CODE.pattern}$"}]}
    ),
]  # fmt: skip
Flag: TypeAlias = Annotated[bool, BeforeValidator(_flag)]
Size: TypeAlias = Annotated[int, BeforeValidator(_size), Field(ge=1, le=5000)]
Aside: TypeAlias = Literal["nsp", "nc", "refus"]
Audience: TypeAlias = Literal["usager", "partenaire"]
Codes: TypeAlias = Annotated[tuple[CodeText, ...], Field(max_length=40)]
Clauses: TypeAlias = Annotated[dict[Id, Codes], Field(max_length=10)]


class Written(BaseModel):
    """Be something an author wrote, at known lines of a file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    _table: Table = PrivateAttr(default_factory=lambda: Table("", 1))

    @model_validator(mode="wrap")
    @classmethod
    def _remember(cls, data: Any, handler: ModelWrapValidatorHandler[Written]) -> Written:
        if isinstance(data, Table):
            data.known.update(cls.model_fields)
        written = handler(data)
        if isinstance(data, Table):
            written._table = data
        return written

    def place(self, key: str = "") -> Place:
        """Return where the key, or the whole, was written."""
        return Place(self._table.file, self._table.lines.get(key, self._table.line))


class French(Written):
    """Be a text, by language; translations live in their own files."""

    fr: Line


class OrItsQuestion:
    """Let an author write `aut3` for `{question: aut3}`."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return no_info_before_validator_function(self._complete, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"anyOf": [{"type": "string"}, handler(schema)]}

    @staticmethod
    def _complete(value: object) -> object:
        if not isinstance(value, Word):
            return value
        table = Table(value.file, value.line)
        table["question"] = value
        return table
