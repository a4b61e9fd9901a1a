"""The PDF of a month: tagged, the same bytes each time, and copied out as it was written, whatever people call themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from guance_portal.billing.paper.characters import GETA, printable
from guance_portal.billing.paper.typesetting import typeset
from guance_portal.billing.paper.words import MOST_ROWS, MOST_WORKSPACES, Issuer, PaperLink, texts
from guance_portal.core.messages import Language
from tests.support.papers import copied, pages, paper, tree

ISSUER = Issuer(name="观测云（示例）信息技术有限公司", lines=("上海市示例路 1 号", "billing@guance.example"))
LINK = PaperLink(address="https://portal.example/fee-center/bills/month?month=2026-06", qr="")


def pdf(language: Language = Language.ZH, *, workspaces: int = 3, **options: object) -> bytes:
    return typeset(texts(paper(workspaces, **options), language, ISSUER, LINK))


def bare(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("language", Language)
def test_the_same_month_is_the_same_file(language: Language) -> None:
    assert pdf(language) == pdf(language)


@pytest.mark.parametrize("language", Language)
def test_every_text_is_copied_out_as_it_was_written(language: Language) -> None:
    said = texts(paper(), language, ISSUER, LINK)
    found = copied(typeset(said))
    whole = [said["title"], said["amount"], said["digest"], *said["issuer"]["lines"], *said["customer"]["lines"]]
    whole += [one for pair in said["facts"] for one in pair]
    whole += [one for step, digest in said["steps"] for one in (step, digest)]
    for listed in (said["methods"], said["items"], said["days"], *(one["table"] for one in said["details"])):
        whole += [column["name"] for column in listed["columns"]]
        whole += [cell for row in (*listed["rows"], listed["total"]) for cell in row]
    for row in said["workspaces"]["rows"]:
        whole += [*row[0], *row[1:]]
    missing = [one for one in whole if bare(one) not in found]
    assert missing == []


def test_each_page_says_which_it_is_and_of_how_many() -> None:
    for language, words in ((Language.ZH, "第{}页，共{}页"), (Language.EN, "Page{}of{}")):
        found = pages(pdf(language))
        assert len(found) > 1
        for number, page in enumerate(found, 1):
            assert words.format(number, len(found)) in page
            assert "M202606-yunfan_ops" in page


@pytest.mark.parametrize(("language", "tag"), [(Language.ZH, "zh-CN"), (Language.EN, "en-US")])
def test_the_structure_is_there_for_who_cannot_see_the_page(language: Language, tag: str) -> None:
    document, found = tree(pdf(language))
    root = document.Root
    assert str(root.Lang) == tag
    assert bool(root.MarkInfo.Marked)
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    assert b"pdfuaid:part" in root.Metadata.read_bytes()
    names = [name for name, _ in found]
    assert names.count("H1") == 1
    assert names.count("H2") == 7
    assert names.count("H3") == 3
    assert names.count("Table") == names.count("THead") == 4 + 3
    assert [str(node["/A"]) for name, node in found if name == "TH"] == [
        str(node["/A"]) for name, node in found if name == "TH" and "/Column" in str(node["/A"])
    ]
    assert all("/Alt" in node for name, node in found if name == "Figure")
    assert "TD" in names


HOSTILE = (
    "#[a] $x$ *b* `c` <d> @e \\n //f",
    "a\x00b\x07\u200b\u202e\ufe0fc\nd",
    "emoji 🚀 and 𓀀",
    "한국어 日本語 漢字 龘 Ünïcode Ж",
    "云" * 100,
    "W" * 100,
    "\U000e0001\ud7ff\ufffe",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_every_name_gives_a_bill(name: str) -> None:
    named = paper(1)
    named = replace(named, company=name, contact=name, workspaces=(replace(named.workspaces[0], name=name),))
    said = texts(named, Language.ZH, ISSUER, LINK)
    found = copied(typeset(said))
    assert bare(said["customer"]["name"]) in found
    assert said["amount"] in found


def test_a_character_that_no_font_has_is_a_geta_and_the_paper_says_so() -> None:
    assert printable("a🚀b") == f"a{GETA}b"
    assert printable(" a\x00\u200b\n b\ufe0f ") == "a b"
    assert printable("云帆 Ünï Ж 한국어 ¥€") == "云帆 Ünï Ж 한국어 ¥€"
    named = replace(paper(1), company="🚀")
    for company, is_said in (("云帆", False), ("🚀", True)):
        said = texts(replace(named, company=company), Language.ZH, ISSUER, LINK)
        assert said["has_geta"] is is_said
        assert (bare(said["words"]["geta"]) in copied(typeset(said))) is is_said


def test_a_month_of_more_than_200_lines_is_a_summary_that_names_the_file() -> None:
    whole, summary = (texts(paper(number), Language.ZH, ISSUER, LINK) for number in (20, 21))
    assert (len(whole["details"]), len(summary["details"])) == (20, 0)
    assert "210" in summary["details_lead"]
    assert bare(summary["details_lead"]) in copied(typeset(summary))


def test_a_month_of_a_thousand_workspaces_adds_up_on_a_few_pages() -> None:
    month = paper(1_000)
    said = texts(month, Language.EN, ISSUER, LINK)
    rows = said["workspaces"]["rows"]
    assert len(rows) == MOST_WORKSPACES + 1
    amounts = [sum(int(row[place].replace(",", "").replace(".", "")) for row in rows) for place in (1, 2)]
    assert amounts == [month.month.bills, month.month.minor]
    made = typeset(said)
    assert len(pages(made)) <= 6
    assert len(made) < 300_000
    assert MOST_ROWS < 1_000


def test_a_month_that_waits_says_so_and_a_month_that_owes_has_its_sign() -> None:
    month = paper(1)
    month = replace(month, month=replace(month.month, waiting=2, minor=-1_234_56))
    said = texts(month, Language.EN, ISSUER, LINK)
    assert (said["amount"], said["is_settled"]) == ("−1,234.56", False)
    assert "−1,234.56" in copied(typeset(said))
