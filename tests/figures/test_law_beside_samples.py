from drawn import results, write_comparisons

from creativity.figures.law_beside_samples import draw as draw_laws


def test_a_law_stands_beside_its_samples_and_a_map_that_is_not_monotone_is_told(tmp_path):
    write_comparisons(tmp_path)
    spec = draw_laws(results(tmp_path)).to_dict()
    titles = [panel["title"] for panel in spec["concat"]]
    assert [title["text"] for title in titles] == ["bayes: law of bayes", "linear: law of linear"]
    assert "25% of maps not monotone" in titles[0]["subtitle"]
    assert "monotone" not in titles[1]["subtitle"]
