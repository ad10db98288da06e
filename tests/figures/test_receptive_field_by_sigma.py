from drawn import EVERY, points, results, write_comparisons

from creativity.figures.receptive_field_by_sigma import draw as draw_fields


def test_the_measured_field_is_where_ninety_percent_of_the_energy_lie(tmp_path):
    write_comparisons(tmp_path)
    chart = draw_fields(results(tmp_path))
    assert {round(row["side"], 9) for row in points(chart, "sigma")} == {8.1}
    assert len(chart.to_dict()["concat"]) == sum(run.kind != "control" for run in EVERY)
