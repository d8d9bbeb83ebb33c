"""From Markdown, HTML and MJML to a mail in two parts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.adapters.templates.renderer import Templates
from engine.application.ports.renderer import RenderContext, RenderFailed
from engine.domain.journey import Class
from engine.domain.message import Rendered
from engine.language.config_file import Company
from engine.language.template_header import Need, TemplateFile

Write = Callable[..., Rendered]
Context = Callable[..., RenderContext]
TONES = """{% tone anxious %}
safe
{% elsetone angry, frustrated %}
right
{% elsetone %}
fine
{% endtone %}"""


# ── Markdown ──────────────────────────────────────────────────────────────────────────────────


def test_expressions_pass_through_markdown_untouched(write: Write, context: Context) -> None:
    values = context({"a": 2, "b": 3})
    html = write(
        "**{{ customer.a * customer.b }}** _and_ {{ customer.a*customer.b }}", values=values
    ).html
    assert "<strong>6</strong> <em>and</em> 6" in html


def test_straight_quotes_become_curly_ones(write: Write) -> None:
    assert "“it’s”" in write('"it\'s"').html


def test_german_quotes_in_a_german_mail(write: Write, context: Context) -> None:
    assert "„ja“" in write('"ja"', locale="de", values=context(locale="de")).html


def test_a_loop_around_items_makes_one_list(write: Write, context: Context) -> None:
    mail = write(
        "- one\n{% for x in customer.tags %}\n- {{ x }}\n{% endfor %}\n- last",
        values=context({"tags": ("a", "b")}),
    )
    assert mail.html.count("<ul>") == 1
    assert mail.text == "- one\n- a\n- b\n- last\n"


def test_a_condition_stands_between_paragraphs(write: Write, context: Context) -> None:
    body = "First.\n{% if customer.vip %}\nSecond.\n{% endif %}\nThird."
    assert write(body).text == "First.\n\nThird.\n"
    assert write(body, values=context({"vip": True})).text == "First.\n\nSecond.\n\nThird.\n"
    assert "<p></p>" not in write(body).html


def test_a_block_stands_between_paragraphs(write: Write) -> None:
    html = write('One.\n\n{{ button("Go", url="menu") }}\n\nTwo.').html
    assert "<p><table" not in html
    assert 'href="https://cozy.example/menu"' in html


def test_short_links_lead_to_the_shop_and_pictures_come_from_where_our_pages_live(
    shared: dict[str, str],
    pictures: dict[str, bytes],
    mail: Callable[..., TemplateFile],
    context: Context,
) -> None:
    company = Company(
        name="Cozy", site="https://mail.cozy.example", shop="https://cozy.example", locales=("en",)
    )
    body = (
        '[menu](menu)\n\n{{ button("Go", url="orders") }}\n\n{{ picture("cup.png", alt="A cup") }}'
    )
    html = Templates([mail(body)], shared, company, pictures).render("a/b", context()).html
    assert 'href="https://cozy.example/menu"' in html
    assert 'href="https://cozy.example/orders"' in html
    assert 'src="https://mail.cozy.example/a/' in html


def test_html_tags_in_a_markdown_mail_are_a_mistake(write: Write) -> None:
    with pytest.raises(RenderFailed, match=r"b\.md\.j2:7: `<div>` would show as text"):
        write("One\n\n<div>two</div>")


def test_a_note_to_oneself_never_leaves(write: Write) -> None:
    mail = write("One {# not true, but sounds good #}two")
    assert "sounds good" not in mail.html + mail.text


def test_short_links_are_whole_in_the_mail(write: Write) -> None:
    mail = write(
        "[menu](menu) and [top](/) and [there](https://example.com/x) [m](mailto:a@example.com)"
    )
    for address in ("cozy.example/menu", "cozy.example/", "example.com/x"):
        assert f'href="https://{address}"' in mail.html


def test_a_picture_has_its_size_and_an_address_by_content(write: Write) -> None:
    html = write('{{ picture("cup.png", alt="A cup", width=280) }}\n\n![B](beans.png)').html
    assert 'width="280" height="130" alt="A cup"' in html
    assert 'src="https://cozy.example/a/' in html
    assert html.count("/beans.png") == 1
    assert 'width="240" height="68"' in html


def test_a_picture_that_is_not_there_is_named(write: Write) -> None:
    with pytest.raises(
        RenderFailed, match=r"b\.md\.j2:5: there is no picture `cub.png`.*`cup.png`"
    ):
        write('{{ picture("cub.png", alt="") }}')


# ── tone ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("tone", "words"),
    [
        ("anxious", "safe"),
        ("angry", "right"),
        ("frustrated", "right"),
        ("grateful", "fine"),
        (None, "fine"),
    ],
)
def test_words_follow_the_mood(
    tone: str | None, words: str, write: Write, context: Context
) -> None:
    assert write(TONES, values=context(tone=tone)).text == f"{words}\n"


def test_a_group_of_moods_has_a_word(write: Write, context: Context) -> None:
    body = "{% tone upset %}sorry{% elsetone %}hi{% endtone %}"
    assert write(body, values=context(tone="angry")).text == "sorry\n"
    assert write(body, values=context(tone="delighted")).text == "hi\n"


def test_the_mail_may_set_the_tone_where_the_mood_should_not(
    write: Write, context: Context
) -> None:
    assert write(TONES, tone="anxious", values=context(tone="angry")).text == "safe\n"
    assert write(TONES, tone="neutral", values=context(tone="angry")).text == "fine\n"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("{% tone angy %}x{% endtone %}", "did you mean `angry`"),
        ("{% tone %}x{% endtone %}", "needs a word"),
        ("{% tone angry %}a{% elsetone %}b{% elsetone happy %}c{% endtone %}", "comes last"),
    ],
)
def test_a_wrong_tone_says_what_is_wrong(body: str, says: str, write: Write) -> None:
    with pytest.raises(RenderFailed, match=says):
        write(body)


# ── HTML and CSS ──────────────────────────────────────────────────────────────────────────────


def test_css_is_inlined_and_media_queries_stay(write: Write) -> None:
    html = write(
        "<!doctype html><html><head><style>p { color: {{ company.colour | default('red') }} }"
        "@media (max-width: 9px) { p { color: blue } }</style></head>"
        "<body><p>Hi {{ customer.email }}</p></body></html>",
        kind="html",
    ).html
    assert '<p style="color: red;">Hi tara@example.com</p>' in html
    assert "@media (max-width: 9px)" in html


def test_a_loop_over_rows_stays_in_its_table(write: Write, context: Context) -> None:
    """An HTML parser would move the loop out of the table, or wrap a body around each row."""
    html = write(
        "<table>{% for x in customer.tags %}<tr><td>{{ x }}</td></tr>{% endfor %}</table>"
        "<table><tr>{% for x in customer.tags %}<td>{{ x }}</td>{% endfor %}</tr></table>",
        kind="html",
        values=context({"tags": ("a", "b")}),
    ).html
    flat = html.replace("\n", "")
    assert "<table><tbody><tr><td>a</td></tr><tr><td>b</td></tr></tbody></table>" in flat
    assert "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>" in flat


def test_a_value_where_html_allows_none_is_refused(write: Write) -> None:
    with pytest.raises(RenderFailed, match=r":6: `customer.email` cannot stand here"):
        write("<table>\n{{ customer.email }}<tr><td>x</td></tr></table>", kind="html")


def test_nothing_is_fetched_while_css_is_inlined(write: Write) -> None:
    html = write(
        '<link rel="stylesheet" href="http://127.0.0.1:9/x.css"><p>x</p>', kind="html"
    ).html
    assert "<p>x</p>" in html


def test_mjml_becomes_tables(write: Write, context: Context) -> None:
    mail = write(
        "<mjml><mj-body><mj-section><mj-column><mj-text>Hello {{ customer.email }}</mj-text>"
        "<mj-table>{% for x in customer.tags %}<tr><td>{{ x }}</td></tr>{% endfor %}</mj-table>"
        '<mj-button href="menu">Go</mj-button></mj-column></mj-section></mj-body></mjml>',
        kind="mjml",
        values=context({"tags": ("a", "b")}),
    )
    assert "Hello tara@example.com" in mail.html
    assert 'href="https://cozy.example/menu"' in mail.html
    assert mail.text == "Hello tara@example.com\n\na\nb\n\nGo: https://cozy.example/menu\n"


def test_mjml_reads_no_files(write: Write) -> None:
    with pytest.raises(RenderFailed, match="MJML"):
        write('<mjml><mj-body><mj-include path="/etc/hostname" /></mj-body></mjml>', kind="mjml")


def test_broken_mjml_is_a_clear_error(write: Write) -> None:
    with pytest.raises(RenderFailed, match="MJML"):
        write("<mjml><mj-body><mj-section></mj-body></mjml>", kind="mjml")


def test_an_unknown_layout_suggests_a_known_one(write: Write) -> None:
    with pytest.raises(RenderFailed, match="no layout `leter`; did you mean `letter`"):
        write("Hi", layout="leter")


# ── the text part ─────────────────────────────────────────────────────────────────────────────


def test_the_text_part_reads_well(write: Write, context: Context) -> None:
    mail = write(
        "# Title\n\nHello *you*, see [the menu](menu) now.\n\n[The menu](menu)\n\n> Said\n> so\n\n"
        "1. one\n2. two\n\n---\n\n" + "word " * 30,
        preheader="hidden words",
        values=context({}),
    )
    assert mail.text == (
        "Title\n\nHello you, see the menu <https://cozy.example/menu> now.\n\n"
        "The menu: https://cozy.example/menu\n\n> Said so\n\n1. one\n2. two\n\n* * *\n\n"
        + " ".join(["word"] * 14)
        + "\n"
        + " ".join(["word"] * 14)
        + "\nword word\n"
    )


def test_the_hidden_preheader_stays_out_of_the_text(write: Write) -> None:
    mail = write("Hello", preheader="psst", layout="letter")
    assert "psst" in mail.html
    assert "psst" not in mail.text


def test_every_block_has_a_face_in_text(write: Write) -> None:
    body = "\n\n".join([
        '{{ button("Go", url="menu") }}',
        '{{ picture("cup.png", alt="A cup") }}',
        "{{ divider() }}",
        '{{ quote("Fine words.", by="Tara") }}',
        '{{ facts({"Order": "1042", "Sum": 12.5 | money}) }}',
        '{{ note("All is well.") }}',
        '{{ rating("review", question="How was it?") }}',
        '{{ promotion("Two for one", "Bring a friend.", url="menu", button="Look") }}',
        '{{ coupon("COZY-10", "10 % off", until="2027-12-24") }}',
    ])  # fmt: skip
    assert write(body).text == (
        "Go: https://cozy.example/menu\n\n[A cup]\n\n* * *\n\n> Fine words.\n> Tara\n\n"
        "Order: 1042\nSum: €12.50\n\nAll is well.\n\n"
        "How was it?\n1 (not good): https://cozy.example/review?rating=1\n"
        "2: https://cozy.example/review?rating=2\n3: https://cozy.example/review?rating=3\n"
        "4: https://cozy.example/review?rating=4\n5 (wonderful): https://cozy.example/review?rating=5\n\n"
        "Two for one\nBring a friend.\nLook: https://cozy.example/menu\n\n"
        "10 % off: COZY-10 (until December 24, 2027)\n"
    )


def test_a_block_without_a_text_face_is_read_off_its_html(
    shared: dict[str, str], mail: Callable[..., TemplateFile], context: Context
) -> None:
    link = "<a href='https://x.example/'>menu</a>"
    own = "{% macro box(words) %}<div><b>{{ words }}</b> " + link + "</div>{% endmacro %}"
    templates = Templates(
        [mail('{{ box("A & B") }}')], {**shared, "_blocks/box.html.j2": own}, Company()
    )
    assert templates.render("a/b", context()).text == "A & B menu <https://x.example/>\n"


# ── layouts, locales ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("layout", ["letter", "plain"])
def test_marketing_shows_the_ways_out_and_service_does_not_sell(
    layout: str, write: Write, context: Context
) -> None:
    marketing = write("Hi", layout=layout)
    service = write("Hi", layout=layout, values=context(klass=Class.SERVICE))
    for part in (marketing.html, marketing.text):
        assert "https://cozy.example/u/TOKEN" in part
        assert "https://cozy.example/p/TOKEN" in part
    for part in (service.html, service.text):
        assert "https://cozy.example/u/TOKEN" not in part
        assert "Example Street 1" in part
        assert "https://cozy.example/w/TOKEN" in part


@pytest.mark.parametrize(
    ("locale", "said"),
    [("pt-BR", "Oi"), ("pt-PT", "Ola"), ("pt", "Ola"), ("fr", "Hi"), (None, "Hi")],
)
def test_R9_3_the_nearest_translation_is_taken(
    locale: str | None,
    said: str,
    mail: Callable[..., TemplateFile],
    shared: dict[str, str],
    context: Context,
) -> None:
    files = [mail("Hi"), mail("Ola", locale="pt"), mail("Oi", locale="pt-BR")]
    values = context({"locale": locale} if locale else {})
    rendered = Templates(files, shared, Company(locales=("en", "pt"))).render("a/b", values)
    assert rendered.text == f"{said}\n"


def test_the_document_names_its_language_and_direction(write: Write, context: Context) -> None:
    assert '<html lang="en" dir="ltr">' in write("Hi").html
    assert '<html lang="en-GB" dir="ltr">' in write("Hi", values=context(locale="en-GB")).html
    assert (
        '<html lang="he" dir="rtl">' in write("Hi", locale="he", values=context(locale="he")).html
    )


def test_a_changed_file_is_compiled_anew_and_others_are_not(
    mail: Callable[..., TemplateFile], shared: dict[str, str]
) -> None:
    one, two = mail("One"), mail("Two", mail="a/c")
    before = Templates([one, two], shared, Company())
    after = Templates([mail("Uno"), two], shared, Company())
    assert before.compiled(two) is after.compiled(two)
    assert before.compiled(one) is not after.compiled(mail("Uno"))


def test_needs_of_a_sample_with_words_are_readable(write: Write, context: Context) -> None:
    need = Need("order", {"id": "7"})
    assert write("{{ order.id }}", need, values=context(samples=True)).text == "7\n"


def test_the_mistakes_of_all_files_are_found_without_a_person(
    mail: Callable[..., TemplateFile], shared: dict[str, str]
) -> None:
    files = [
        mail("{{ nme }}", mail="a/z", path="templates/a/z.md.j2"),
        mail("{{ customer.name }}"),
        mail("{% if %}", mail="a/c", path="templates/a/c.md.j2"),
        mail("x", mail="a/d", layout="broken"),
        mail("y", mail="a/e", layout="broken"),
    ]
    broken = {**shared, "_layouts/broken.html.j2": "<p>\n{{ content }}{{ oops( }}</p>"}
    found = Templates(files, broken, Company()).mistakes()
    assert [(mistake.file, mistake.line) for mistake in found] == [
        ("templates/_layouts/broken.html.j2", 2),
        ("templates/a/c.md.j2", 5),
        ("templates/a/z.md.j2", 5),
    ]


def test_a_block_that_fails_for_everybody_is_found_without_a_person(
    mail: Callable[..., TemplateFile], shared: dict[str, str]
) -> None:
    files = [mail('Hi\n\n{{ picture("nope.png", alt="") }}'), mail("{{ button() }}", mail="a/c")]
    found = Templates(files, shared, Company()).mistakes()
    assert [mistake.line for mistake in found] == [5, 7]


def test_a_name_of_the_mails_own_goes_before_a_block(write: Write) -> None:
    assert write("{{ note }}", Need("note", if_missing="mine", on_missing="word")).text == "mine\n"
    body = (
        "{% for button in ['a', 'b'] %}{{ button }}{% endfor %}{% set company = 'c' %}{{ company }}"
    )
    assert write(body).text == "abc\n"


@pytest.mark.parametrize("layout", ["letter", "plain"])
def test_a_layout_does_without_address_and_links(
    layout: str,
    mail: Callable[..., TemplateFile],
    shared: dict[str, str],
    pictures: dict[str, bytes],
    context: Context,
) -> None:
    """The inspection and the delivery insist on them; a first preview needs neither."""
    templates = Templates([mail("Hi", layout=layout)], shared, Company(name="Cozy"), pictures)
    rendered = templates.render("a/b", context(links={}))
    assert "Cozy" in rendered.text
    assert "Unsubscribe" not in rendered.html


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("{{ customer }}", "`customer` is a group of values"),
        ("{{ persona.voice }}", "`persona.voice` is a group of values"),
        ("{{ button }}", "`button` is a block"),
        ("{{ {'a': 1} }}", "group of values"),
        ("{{ [[1]] }}", "list of lists"),
    ],
)
def test_what_is_no_word_cannot_be_printed(body: str, says: str, write: Write) -> None:
    with pytest.raises(RenderFailed, match=says):
        write(body)


def test_an_address_that_is_its_own_words_is_not_said_twice(write: Write) -> None:
    mail = write("- <https://x.example/>\n- [x.example/](https://x.example/)\n- <a@example.com>")
    assert mail.text == "- https://x.example/\n- https://x.example/\n- a@example.com\n"


def test_a_name_given_in_the_head_of_a_document_counts_in_both_parts(write: Write) -> None:
    body = "<!doctype html><html><head>{% set word = 'tea' %}</head><body><p>{{ word }}</p></body></html>"
    mail = write(body, kind="html")
    assert "<p>tea</p>" in mail.html
    assert mail.text == "tea\n"


def test_a_list_in_html_may_begin_anywhere(write: Write) -> None:
    body = "<ol start='3'><li>a</li></ol><ol start='x'><li>b</li></ol>"
    assert write(body, kind="html").text == "3. a\n\n1. b\n"


def test_raw_words_and_braces_arrive_as_written(write: Write) -> None:
    mail = write("{% raw %}{{ not a tag }}{% endraw %} and {{ '{{' }}")
    assert mail.text == "{{ not a tag }} and {{\n"
    assert "{{ not a tag }} and {{" in mail.html


def test_white_space_control_of_jinja_is_kept(write: Write) -> None:
    assert write("<p>a {%- if true %} b {%- endif -%} c</p>", kind="html").text == "a bc\n"


def test_the_words_that_hold_tags_are_the_engines_own(write: Write) -> None:
    with pytest.raises(RenderFailed, match="engine's own"):
        write("jq00000qj {{ customer.email }}")


def test_a_link_may_hold_a_value(write: Write, context: Context) -> None:
    html = write("[Order](orders/{{ customer.order }})", values=context({"order": "7&8"})).html
    assert 'href="https://cozy.example/orders/7&amp;8"' in html
