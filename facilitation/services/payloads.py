"""What fields of commands are made of: cleaned, sized, and refused field by field."""

from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from facilitation.domain import text
from facilitation.domain.refusals import Code, Refusal


def _list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _drop_empty(values: list[str]) -> list[str]:
    return [value for value in values if value]


def no_surrogates(value: object) -> object:
    """Half of a surrogate pair cannot be stored as UTF-8."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8,32}$")]
# What is numbered is so by a column of 32 bits: beyond, nothing has that number.
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
Line = Annotated[
    str, BeforeValidator(no_surrogates), AfterValidator(text.line), StringConstraints(max_length=text.TITLE_MOST)
]
Title = Annotated[
    str,
    BeforeValidator(lambda value: text.line(no_surrogates(value)) if isinstance(value, str) else value),
    StringConstraints(min_length=1, max_length=text.TITLE_MOST),
]
Name = Annotated[
    str, BeforeValidator(no_surrogates), AfterValidator(text.line), StringConstraints(max_length=text.NAME_MOST)
]
Prose = Annotated[
    str, BeforeValidator(no_surrogates), AfterValidator(text.paragraphs), StringConstraints(max_length=text.TEXT_MOST)
]
Words = Annotated[
    str,
    BeforeValidator(lambda value: text.paragraphs(no_surrogates(value)) if isinstance(value, str) else value),
    StringConstraints(min_length=1, max_length=text.TEXT_MOST),
]
Key = Annotated[str, StringConstraints(pattern=r"^[0-9a-zA-Z_-]{0,64}$")]
Lines = Annotated[list[Line], BeforeValidator(_list), AfterValidator(_drop_empty)]
Ids = Annotated[list[Id], BeforeValidator(_list)]
Chosen = Annotated[Id | None, BeforeValidator(lambda value: value or None)]


class Payload(BaseModel):
    """A command's payload: no field more than it says."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


P = TypeVar("P", bound=Payload)

FIELD_CODES = {
    "missing": Code.EMPTY,
    "string_too_short": Code.EMPTY,
    # What a constraint is called behind a function that cleans the text first.
    "too_short": Code.EMPTY,
    "string_too_long": Code.TOO_LONG,
    "too_long": Code.TOO_LONG,
}


def read(model: type[P], raw: object) -> P:
    """Validate `raw`. Raises Refusal(BAD_PAYLOAD) naming each field to mend."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        fields = {
            ".".join(str(part) for part in problem["loc"]): FIELD_CODES.get(problem["type"], Code.BAD_PAYLOAD)
            for problem in error.errors(include_url=False, include_input=False, include_context=False)
        }
        codes = set(fields.values())
        raise Refusal(codes.pop() if len(codes) == 1 else Code.BAD_PAYLOAD, fields=fields) from None
