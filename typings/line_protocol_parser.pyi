from typing import TypedDict

class _Point(TypedDict):
    measurement: str
    tags: dict[str, str]
    fields: dict[str, str | int | float | bool]
    time: int | None

class LineFormatError(Exception): ...

def parse_line(line: str, /) -> _Point | None: ...
