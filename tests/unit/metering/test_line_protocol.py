"""Splitting bodies into lines and reading lines into points."""

import re

import pytest

from guance_portal.metering import line_protocol
from guance_portal.metering.line_protocol import NANOSECONDS, BadLineError, ProtocolLine, decode, lines, points


def split(body: str) -> list[str]:
    return [line for _, line in lines(body)]


def read(body: str, precision: str = "n") -> list[ProtocolLine]:
    return [line for group in points(body, precision) for line in group]


def refuse(body: str, precision: str = "n") -> tuple[int, str]:
    with pytest.raises(BadLineError) as caught:
        read(body, precision)
    return caught.value.number, caught.value.reason


def fault_in(body: str) -> int:
    """The number of the bad line, 0 when all are good."""
    try:
        read(body)
    except BadLineError as problem:
        return problem.number
    return 0


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", []),
        ("\n\n \n\t\n\r\n", []),
        ("m f=1", ["m f=1"]),
        ("m f=1\n", ["m f=1"]),
        ("m f=1\r\nm f=2\r\n", ["m f=1", "m f=2"]),
        ("  m f=1\n\tm f=2", ["m f=1", "m f=2"]),
        ("# a comment\nm f=1", ["m f=1"]),
        ('# a = "comment\nm f=1', ["m f=1"]),
        ("   # indented\nm f=1", ["m f=1"]),
        ('m f="a\nb" 1\nm f=2', ['m f="a\nb" 1', "m f=2"]),
        ('m f="a\r\nb"\r\nm f=2', ['m f="a\r\nb"', "m f=2"]),
        ('m f="a\n#b\n\nc"\nm f=2', ['m f="a\n#b\n\nc"', "m f=2"]),
        ('m f="say \\"hi\\"\nthere" 1\nm f=2', ['m f="say \\"hi\\"\nthere" 1', "m f=2"]),
        ('m f="ends in backslash\\\\"\nm f=2', ['m f="ends in backslash\\\\"', "m f=2"]),
        ('m f="a",g="b\nc",h=1\nm f=2', ['m f="a",g="b\nc",h=1', "m f=2"]),
        ('m,t="x\nm f=2', ['m,t="x', "m f=2"]),
        ('m,t=a\\ =" f=1\nm f=2', ['m,t=a\\ =" f=1', "m f=2"]),
        ('"m f=1\nm f=2', ['"m f=1', "m f=2"]),
        ('m f=1,"g=1\nm f=2', ['m f=1,"g=1', "m f=2"]),
        ('m f\\="x\nm f=2', ['m f\\="x', "m f=2"]),
        ("m f=1\\\nm f=2", ["m f=1\\\nm f=2"]),
        ("m\\\nm f=2", ["m\\\nm f=2"]),
        ("m,t=a\\\nb f=1\nm f=2", ["m,t=a\\\nb f=1", "m f=2"]),
        ("m,t=a\\\\\nb f=1", ["m,t=a\\\\", "b f=1"]),
        ("m,t=a\\\\\\\nb f=1", ["m,t=a\\\\\\\nb f=1"]),
        ("m a\\\nb=1\nm f=2", ["m a\\\nb=1", "m f=2"]),
        ("m a\\\\\nb=1", ["m a\\\\", "b=1"]),
        ("m,t=a\\\r\\\nb f=1\r\nm f=2", ["m,t=a\\\r\\\nb f=1", "m f=2"]),
    ],
)
def test_a_newline_ends_a_line_unless_it_is_escaped_or_in_a_quoted_value(body: str, expected: list[str]) -> None:
    assert split(body) == expected


@pytest.mark.parametrize(
    "body", ['m f="', 'm f="abc', 'm f="abc\n\n\n', 'm f="abc\\', 'm f="abc\\"', 'm f="abc\\\\\\"\nm f=1', 'm f=1,g="x']
)
def test_a_quoted_value_that_never_ends_is_refused_at_the_line_where_it_begins(body: str) -> None:
    assert refuse(f"m f=1\n\n{body}") == (3, "a quoted value is not closed")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("m", "failed to parse measurement"),
        ("m,a=b", "failed to parse value of tag"),
        ("m,a= f=1", "failed to parse value of tag"),
        ("m,a=1,a=2 f=1", "failed to parse key of tag"),
        ("m f=", "failed to parse value of field"),
        ("m f=NaN", "failed to parse type of field value"),
        ("m f=+Inf", "failed to parse type of field value"),
        ("m f=1e999", "failed to parse type of field value"),
        ("m f=9223372036854775808i", "failed to parse type of field value"),
        ("m f=99999999999999999999999i", "failed to parse type of field value"),
        ("m f=1 12.5", "failed to parse nanoseconds integer timestamp"),
        ("m f=1 99999999999999999999", "failed to parse nanoseconds integer timestamp"),
        ("m f=1 1 2", "failed to parse nanoseconds integer timestamp"),
        ("m\0 f=1", "embedded NUL bytes are not supported"),
        ('m f="\0"', "embedded NUL bytes are not supported"),
    ],
)
def test_a_bad_line_is_named_by_its_number_with_the_reason(line: str, reason: str) -> None:
    body = f'# first\nm f="two\nlines"\n{line}\nm f=1'
    assert refuse(body) == (4, reason)


def test_a_line_is_read_whole() -> None:
    body = 'cpu\\ load,host=web\\ 1,区域=华东 usage=0.5,n=3i,ok=t,msg="a=\\"b\\", c" 1700000000000000000'
    assert read(body) == [
        ProtocolLine(
            "cpu load",
            {"host": "web 1", "区域": "华东"},
            {"usage": 0.5, "n": 3, "ok": True, "msg": 'a="b", c'},
            1700000000000000000,
        )
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("m,t=a\\\nb f=1", ProtocolLine("m", {"t": "a\\\nb"}, {"f": 1.0})),
        ("m,t=a\\\rb f=1", ProtocolLine("m", {"t": "a\\\rb"}, {"f": 1.0})),
        ("m,t=a\rb f=1", ProtocolLine("m", {"t": "a\rb"}, {"f": 1.0})),
        ("m,t=\r f=1 5", ProtocolLine("m", {"t": "\r"}, {"f": 1.0}, 5)),
        ("m,t=a\\\r\\\nb,u=\\ x f=1", ProtocolLine("m", {"t": "a\\\r\\\nb", "u": " x"}, {"f": 1.0})),
        ("m\\\nx,t\rk=1 a\rb=2i", ProtocolLine("m\\\nx", {"t\rk": "1"}, {"a\rb": 2})),
        ('m,t=a\rb f="x\r\ny",g=t', ProtocolLine("m", {"t": "a\rb"}, {"f": "x\r\ny", "g": True})),
        ("m,t=a\rb,u=\ue000\ue001 f=1", ProtocolLine("m", {"t": "a\rb", "u": "\ue000\ue001"}, {"f": 1.0})),
    ],
)
def test_breaks_in_names_and_tags_are_read_as_influxdb_1_reads_them(line: str, expected: ProtocolLine) -> None:
    # Its parser takes the backslash before a break for a part of the name: it escapes commas, spaces and = alone.
    assert read(f"{line}\nm f=1")[0] == expected


@pytest.mark.parametrize("line", ["m,t=a\rb f=\r1", "m,t=a\rb f=1 \r5", "m,t=a\rb f=1\\\n", "m\r", "m,t=a\rb,t=c f=1"])
def test_breaks_elsewhere_are_refused_for_what_the_line_is_without_them(line: str) -> None:
    assert refuse(line)[0] == 1


def test_a_line_may_hold_every_stand_in_for_a_break() -> None:
    held = "".join(chr(code) for code in range(0xE000, 0xE000 + 900))
    (point,) = read(f"m,t={held},u=a\rb f=1")
    assert point.tags == {"t": held, "u": "a\rb"}


@pytest.mark.parametrize("precision", NANOSECONDS)
def test_a_time_must_fit_64_bits_of_nanoseconds_at_every_precision(precision: str) -> None:
    last = (2**63 - 1) // NANOSECONDS[precision] - 1
    assert [point.time for point in read(f"m f=1 {last}", precision)] == [last]
    if precision not in {"n", "ns"}:
        assert refuse(f"m f=1 {last + 2}", precision) == (1, "the time does not fit 64 bits of nanoseconds")


def test_a_time_before_1970_is_fine() -> None:
    assert [point.time for point in read("m f=1 -5", "s")] == [-5]


def test_limits_on_tags_fields_and_lines() -> None:
    tags = ",".join(f"t{n}=v" for n in range(257))
    fields = ",".join(f"f{n}=1" for n in range(1025))
    assert refuse(f"m,{tags} f=1") == (1, "more than 256 tags")
    assert refuse(f"m {fields}") == (1, "more than 1024 fields")
    assert refuse(f"m,{'k' * 257}=v f=1") == (1, "a tag name longer than 256 characters")
    assert refuse(f"m,k={'v' * 1025} f=1") == (1, "a tag value longer than 1024 characters")
    assert refuse('m f="' + "x" * line_protocol.MAX_POINT + '"') == (1, "longer than 1048576 characters")
    full = ",".join(f"{'k' * 253}{n:03}={'v' * 200}" for n in range(100))
    assert len(read(f"m,{full} f=1")[0].tags) == 100


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("m," + ",".join(f"t{n}=1" for n in range(7_500)) + " f=1", "more than 256 tags"),
        ("m," + ",".join(f"t{n}=1" for n in range(99_999)) + " f=1", "longer than 65535 characters"),
        ("m" + "\\\\,k=v" * 7_500 + ",t=1" * 257 + " f=1", "more than 256 tags"),
        ("m " + ",".join(f"f{n}=1" for n in range(80_000)), "more than 1024 fields"),
        ("m " + ",".join("f=1" for _ in range(80_000)), "more than 1024 fields"),
        ('m s="a,\\"b",' + ",".join("f=1" for _ in range(1_024)), "more than 1024 fields"),
        ("m" + ",x=" + "v" * 500_000 + " f=1", "longer than 65535 characters"),
    ],
    ids=["tags of 64 kB", "tags of 1 MB", "behind escapes", "fields", "one field again", "behind a text", "one tag"],
)
def test_what_is_too_much_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch, line: str, reason: str) -> None:
    read: list[str] = []
    monkeypatch.setattr(line_protocol, "parse_line", read.append)
    number, said = refuse(f"\n{line}")
    assert (number, read) == (2, [])
    assert said.endswith(reason)


def test_a_text_may_hold_as_many_commas_as_it_likes() -> None:
    text = 'a,b=c\\\\,\\",' * 5_000
    fields = ",".join(f"f{n}=1" for n in range(1_023))
    (point,) = read(f'm,t=1 {fields},text="{text}"')
    assert len(point.fields) == 1_024
    (point,) = read("m," + ",".join(f"t{n}=1" for n in range(256)) + " f=1")
    assert len(point.tags) == 256


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("trace_id=12345678901234567890", "12345678901234567890"),
        ("trace_id=12345678901234567891 5", "12345678901234567891"),
        ('text="x,trace_id=1",trace_id=7,d=1', "7"),
        (" d=1,trace_id=8", "8"),
        ("a\\,trace_id=1,trace_id=9", "9"),
        ("trace_id=1,trace_id=2", "2"),
        ('trace_id="0012"', "0012"),
        ("trace_id=7i", "7"),
    ],
)
def test_a_trace_id_keeps_every_digit(fields: str, expected: str) -> None:
    (point,) = read(f"span,a=b\\ c {fields}")
    assert point.named("trace_id") == expected


def test_a_byte_that_is_not_utf8_is_found_by_its_line() -> None:
    with pytest.raises(BadLineError) as caught:
        decode(b"m f=1\nm f=2\nm f=\xff\xfe\nm f=4")
    assert (caught.value.number, caught.value.reason) == (3, "not valid UTF-8")


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "body",
    [
        '="' * 500_000,
        "m " + '="' * 500_000,
        "m f=" + "\\" * 1_000_000,
        'm f="' + "\\" * 1_000_001,
        "\n" * 1_000_000,
        "\\ " * 500_000,
        "#" * 1_000_000,
        "#\n" * 500_000,
        "=" * 1_000_000,
        " " * 1_000_000 + "m",
        ('m f="' + "x\n" * 10) * 50_000,
    ],
    ids=lambda body: repr(body[:6]),
)
def test_hostile_bodies_end_quickly_in_lines_or_a_refusal(body: str) -> None:
    assert fault_in(body) in {0, 1}


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("m " + "=" * 3_000_000, 1),
        ('m f="' + "\\\\" * 1_500_000, 1),
        ("#\n" * 1_500_000 + "m", 1_500_001),
        ("#" * 3_000_000 + "\nm", 2),
        (" " * 3_000_000 + "\nm", 2),
        (("m f=" + "1" * 500_000 + "\n") * 6, 1),
    ],
    ids=lambda value: repr(value[:6]) if isinstance(value, str) else None,
)
def test_no_search_goes_further_than_a_line_may(monkeypatch: pytest.MonkeyPatch, body: str, fault: int) -> None:
    spans: list[int] = []

    class Spy:
        def __init__(self, pattern: re.Pattern[str]) -> None:
            self.pattern = pattern

        def match(self, text: str, start: int, end: int) -> re.Match[str] | None:
            spans.append(end - start)
            return self.pattern.match(text, start, end)

    monkeypatch.setattr(line_protocol, "_LINE", Spy(line_protocol._LINE))
    monkeypatch.setattr(line_protocol, "_IN_TEXT", Spy(line_protocol._IN_TEXT))
    assert fault_in(body) == fault
    assert max(spans) == line_protocol.MAX_POINT + 1


@pytest.mark.parametrize("before", ["", "\n", " " * 1_000_000, "#" * 2_000_000 + "\n", "m f=1\n"])
def test_a_line_may_have_its_full_length_wherever_it_begins(before: str) -> None:
    line = 'm f="' + "x" * (line_protocol.MAX_POINT - 6) + '"'
    assert split(f"{before}{line}\nm f=2")[-2:] == [line, "m f=2"]
    assert split(f"{before}{line}")[-1] == line
    assert refuse(f"{before}{line} \nm f=2")[1] == "longer than 1048576 characters"
    assert refuse(f"{before}{line[:-1]}xx\nm f=2")[1] == "a quoted value is not closed"
