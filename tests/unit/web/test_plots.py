from app.web.plots import DOT, PLOT_HEIGHT, PLOT_WIDTH, dot_plot, interval_plot

SPAN = (4000, 10_000)


def test_totals_go_from_left_to_right_on_the_line() -> None:
    plot = dot_plot([4000, 7000, 10_000], 7000, 7000, SPAN, "text", cut=8500)

    assert plot.dots == ((5, 28), (110, 28), (215, 28))
    assert (plot.value, plot.threshold, plot.cut) == (110, 110, 163)


def test_equal_totals_stand_on_top_of_each_other_and_all_are_seen() -> None:
    for number in (2, 4, 9, 15):
        plot = dot_plot([8000] * number, 8000, 7000, SPAN, "text")

        heights = [y for _x, y in plot.dots]
        assert len(set(heights)) == number
        assert all(DOT <= y <= PLOT_HEIGHT - DOT for y in heights)


def test_an_entry_without_sheets_has_an_empty_plot() -> None:
    plot = dot_plot([], None, 7000, SPAN, "text")

    assert (plot.dots, plot.value, plot.cut) == ((), None, None)


def test_an_interval_is_cut_off_at_the_ends_of_its_span() -> None:
    plot = interval_plot(-9.0, 0.5, 0.75, (-1, 1), "text", mark=0)

    assert (plot.low, plot.point, plot.high, plot.mark) == (5, 163, 189, 110)
    assert interval_plot(0, 0, 0, (0, 0), "text").point == 5
    assert plot.width == PLOT_WIDTH
