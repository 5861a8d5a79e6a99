"""Titles, authors, venues and hashtags."""

import pytest

from bot.formatter.hashtags import hashtags_for, table_with
from bot.formatter.titles import authors_line, title_line, venue_line


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Batch Normalization: Accelerating Training.", "Batch Normalization: Accelerating Training"),
        ("Attention is All You Need", "Attention is All You Need"),
        ("What comes next...", "What comes next..."),
        ("Learning in the U.S.", "Learning in the U.S."),
        ("Why?", "Why?"),
        ("{BERT}: Pre-training of $n$-grams", "BERT: Pre-training of n-grams"),
        ("$\\mathcal{O}(n\\log n)$\n  sorting", "𝒪(n log n) sorting"),
        ("- Hearing Gulls", "Hearing Gulls"),
        ("MCA<sup>2</sup>: the H<sub>2</sub>O of nets", "MCA²: the H₂O of nets"),
        ("A @home for #deep $nets", "A home for deep nets"),
    ],
)
def test_a_title_reads_well(title: str, line: str) -> None:
    assert title_line(title) == line


@pytest.mark.parametrize(
    ("authors", "line"),
    [
        ((), ""),
        (("Ada Lovelace",), "Ada Lovelace"),
        (("Ada Lovelace", "Alan Turing"), "Ada Lovelace and Alan Turing"),
        (("Ada Lovelace", "Alan Turing", "Grace Hopper"), "Ada Lovelace et al."),
        (("Piotr Doll{\\'a}r",), "Piotr Dollár"),
    ],
)
def test_the_first_author_stands_for_three(authors: tuple[str, ...], line: str) -> None:
    assert authors_line(authors) == line


def test_a_venue_goes_by_the_name_people_use() -> None:
    assert venue_line("arXiv e-Print archive", 2016) == "arXiv"
    assert venue_line("Neural Information Processing Systems Conference", 2015) == "NIPS"
    assert venue_line("Neural Information Processing Systems Conference", 2019) == "NeurIPS"
    assert venue_line("Journal of Things", 2019) == "Journal of Things"


def test_hashtags_are_arxivs_categories_by_their_names_each_once() -> None:
    assert hashtags_for(("cs.LG", "stat.ML", "cs.CV"), table_with({}), most=3) == (
        "#MachineLearning",
        "#ComputerVision",
    )


def test_no_more_than_configured_and_the_first_are_the_most_important() -> None:
    assert hashtags_for(("cs.CL", "cs.LG", "cs.CV"), table_with({}), most=2) == ("#NLP", "#MachineLearning")


def test_free_tags_and_years_become_no_hashtags() -> None:
    assert hashtags_for(("dblp", "thema:deepwalk", "2016", "toread", "image"), table_with({}), most=9) == ()


def test_the_operator_extends_and_overrides_the_table() -> None:
    more = {"cs.LG": "#ML", "Deep-Walk": "#DeepWalk", "bad": "no hashtag", "cs.CV": ""}
    assert hashtags_for(("cs.LG", "deep walk", "bad", "cs.CV"), table_with(more), most=9) == ("#ML", "#DeepWalk")
