"""Charts: every figure of a picture stands in a table beside it, and nothing in it needs a colour or a style."""

import re

from flask import Flask, get_template_attribute

from consent.web import layout
from consent.web.charts import Chart, Row

WORK = Chart(
    "open", "Open requests", "How many are open", "Type", ("In time", "Overdue"),
    (Row("Deletion", (6, 2), "/staff/requests?type=deletion"), Row("Access <b>", (4, 0)), Row("Appeal", (0, 0))),
)  # fmt: skip
TIMES = Chart(
    "days", "Days to close", "By month", "Month", ("Median",),
    (Row("1", (10,)), Row("2", (None,)), Row("3", (5,)), Row("4", (0,))),
    kind="line", unit=" d",
)  # fmt: skip


def drawn(chart: Chart) -> str:
    """The figure as a page of a reader who speaks English has it."""
    app = Flask("charts", static_folder=None)
    layout.init_app(app)
    with app.test_request_context("/"):
        return str(get_template_attribute("web/charts.html", "chart")(chart))


def test_bars_lie_one_behind_the_other_and_reach_as_far_as_their_figures() -> None:
    deletion, access, appeal = WORK.bars
    assert [(one.x, one.width, one.series) for one in deletion.parts] == [(0, 270, 0), (270, 90, 1)]
    assert [(one.x, one.width) for one in access.parts] == [(0, 180)]
    assert appeal.parts == ()
    assert WORK.height == 3 * 44


def test_a_line_ends_where_there_is_no_figure_and_zero_is_one() -> None:
    (line,) = TIMES.lines
    assert [len(piece) for piece in line.pieces] == [1, 2]
    assert [(one.x, one.y) for one in line.points] == [(40, 12), (248, 82), (352, 152)]


def test_a_share_has_its_own_end_of_scale() -> None:
    share = Chart("s", "Share", "", "Month", ("On time",), (Row("1", (50,)),), most=100)
    assert share.bars[0].parts[0].width == 180


def test_the_picture_has_a_name_a_description_and_the_same_figures_as_a_table() -> None:
    page = drawn(WORK)
    named = re.search(r'<svg class="chart"[^>]* role="img" aria-labelledby="open-title open-about">', page)
    assert named and '<title id="open-title">Open requests</title>' in page and '<desc id="open-about">' in page
    assert '<th scope="row"><a href="/staff/requests?type=deletion">Deletion</a></th><td>6</td><td>2</td>' in page
    assert "Access &lt;b&gt;" in page and "<b>" not in page


def test_series_differ_by_more_than_colour_and_no_style_is_written_inline() -> None:
    page = drawn(WORK)
    assert 'fill="url(#open-p1)"' in page  # the second series has lines over its colour
    assert "style=" not in page + drawn(TIMES)
    assert page.count('class="chart swatch"') == 2
    two = Chart("l", "L", "", "M", ("a", "b"), (Row("1", (1, 2)), Row("2", (2, 1))), kind="line")
    assert '<circle class="s0"' in drawn(two) and '<rect class="s1"' in drawn(two)


def test_what_has_no_figures_says_so_and_draws_nothing() -> None:
    nothing = Chart("none", "Nothing", "", "Type", ("n",), (Row("Deletion", (0,)),))
    assert "Nothing to show yet" in drawn(nothing) and "<svg" not in drawn(nothing)
    assert "<svg" in drawn(Chart("z", "Zero days", "", "M", ("n",), (Row("1", (0,)),), kind="line"))


def test_a_long_label_is_cut_in_the_picture_only() -> None:
    long = Chart("long", "Long", "", "Type", ("n",), (Row("x" * 80, (1,)),))
    assert len(long.bars[0].label) == 46 and "x" * 80 in drawn(long)
