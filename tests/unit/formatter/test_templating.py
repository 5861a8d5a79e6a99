"""Templates: what is refused, and where the mistake is said to be."""

from pathlib import Path

import pytest

from bot.formatter.compose import CannotCompose, Composer, TemplateMistake
from tests.unit.formatter.samples import FACEBOOK, X, a_summary


def composer(folder: Path, template: str, *, link_in_text: bool = True) -> Composer:
    (folder / "templates").mkdir(exist_ok=True)
    (folder / "templates" / "post.j2").write_text(template, "utf-8")
    return Composer("post.j2", [folder / "templates"], X if link_in_text else FACEBOOK, link_in_text=link_in_text)


@pytest.mark.parametrize(
    ("template", "mistake"),
    [
        pytest.param(
            "{{ link }}\n{{ titel }}",
            "templates/post.j2, line 2: unknown name `titel`; did you mean `title`?",
            id="unknown name",
        ),
        pytest.param(
            "{{ link }}\n\n{{ summary.titel }}",
            "templates/post.j2, line 3: unknown name `summary.titel`; did you mean `summary.title`?",
            id="unknown field",
        ),
        pytest.param(
            "{{ link }}{% if excerpt == 'x' %}{{ tilte }}{% endif %}",
            "templates/post.j2, line 1: unknown name `tilte`; did you mean `title`?",
            id="unknown name in a branch that is not taken",
        ),
        pytest.param("{{ link }}\n{{ title }", "templates/post.j2, line 2: unexpected '}'", id="syntax"),
        pytest.param("{{ link }}\n{% for %}", "line 2: ", id="syntax of a statement"),
        pytest.param("{{ title }}", "templates/post.j2: must write {{ link }} once, not 0 times", id="no link"),
        pytest.param("{{ link }} {{ link }}", "must write {{ link }} once, not 2 times", id="two links"),
        pytest.param(
            "{% if authors %}{{ link }}{% endif %}", "must write {{ link }} once, not 0 times", id="link at times"
        ),
        pytest.param("{{ link }}\n{{ 1 / 0 }}", "templates/post.j2, line 2: division by zero", id="runtime"),
        pytest.param("{{ link }}\n{{ title|nothing }}", "line 2: No filter named 'nothing'", id="unknown filter"),
        pytest.param("{{ link }}{% include 'none.j2' %}", "none.j2: not found; looked in ", id="missing include"),
        pytest.param("{{ link }}{{ 'a' * 10**9 }}", "for small numbers only", id="a power of a text"),
        pytest.param("{{ link }}{{ 'a' * 1000 }}", "for small numbers only", id="a text many times"),
        pytest.param("{{ link }}{{ [title] * 1000 }}", "for small numbers only", id="a list many times"),
        pytest.param("{{ link }}{{ '%1000000d' % 3 }}", "for small numbers only", id="a padded number"),
        pytest.param("{{ link }}{{ title.ljust(10000000) }}", "unsafe", id="a padded text"),
        pytest.param("{{ link }}{{ '{:9999999}'.format(1) }}", "unsafe", id="a format"),
        pytest.param("{{ link }}{% for i in range(10000) %}a{% endfor %}", "at most 1000 steps", id="a long loop"),
        pytest.param(
            "{{ link }}{% for i in range(999) %}{% for j in range(999) %}a{% endfor %}{% endfor %}",
            "writes more than 100,000 characters",
            id="a long output",
        ),
        pytest.param(
            "{{ link }}{% for a in title %}{% for b in title %}\n{% for c in title %}" + "{% endfor %}" * 3,
            "line 2: loops stand more than 2 deep",
            id="deep loops",
        ),
        pytest.param("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}{{ link }}", "calls itself", id="recursion"),
        pytest.param("{{ link }}{{ title.__class__ }}", "unsafe", id="the way out of the sandbox"),
    ],
)
def test_a_mistake_names_file_and_line_before_the_first_post(tmp_path: Path, template: str, mistake: str) -> None:
    with pytest.raises(TemplateMistake) as raised:
        composer(tmp_path, template)
    assert mistake in str(raised.value)
    assert raised.value.file


def test_a_missing_template_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(TemplateMistake, match=f"none.j2: not found; looked in {tmp_path}"):
        Composer("none.j2", [tmp_path], X, link_in_text=True)


def test_on_facebook_the_link_does_not_stand_in_the_text(tmp_path: Path) -> None:
    with pytest.raises(TemplateMistake, match="field of its own"):
        composer(tmp_path, "{{ title }} {{ link }}", link_in_text=False)


def test_the_operators_folder_comes_first(tmp_path: Path) -> None:
    for folder, words in (("own", "mine"), ("packaged", "theirs")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "post.j2").write_text(words + " {{ link }}")
    first = Composer("post.j2", [tmp_path / "own", tmp_path / "packaged"], X, link_in_text=True)
    assert first.compose(a_summary()).post.text.startswith("mine")


def test_everything_that_is_documented_can_be_used(tmp_path: Path) -> None:
    fields = "title authors year venue tags paper_url abstract author votes published edited link".split()
    template = "{{ title }}{{ excerpt }}{{ authors }}{{ hashtags }}{{ link }}" + "".join(
        f"{{% if summary.{field} == 1 %}}{{% endif %}}" for field in fields
    )
    assert a_summary().link in composer(tmp_path, template).compose(a_summary()).post.text


def test_ordinary_means_of_jinja_work(tmp_path: Path) -> None:
    loop = "{% for tag in summary.tags %}{{ loop.index }}{% endfor %}"
    template = "{% set n = 2 * 3 %}{{ n }} {{ title|upper }} " + loop + " {{ link }}"
    text = composer(tmp_path, template).compose(a_summary(tags=("a", "b"))).post.text
    assert text.startswith("6 A TITLE OF A PAPER 12 http")


def test_a_mistake_that_only_one_summary_shows_refuses_that_post(tmp_path: Path) -> None:
    made = composer(tmp_path, "{{ 1 / (summary.votes - 7) }} {{ link }}")
    with pytest.raises(CannotCompose, match=r"templates/post\.j2, line 1: division by zero"):
        made.compose(a_summary(votes=7))


def test_empty_parts_leave_no_gap(tmp_path: Path) -> None:
    made = composer(tmp_path, "{{ title }}\n\n{{ hashtags }}\n\n\n{{ excerpt }}\n\n{{ link }}\n")
    assert made.compose(a_summary(text="")).post.text == f"A Title of a Paper\n\n{a_summary().link}"
