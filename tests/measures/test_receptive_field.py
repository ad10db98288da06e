import numpy as np

from creativity.measures import receptive_field


def test_energy_is_shared_out_by_squares_about_the_centre():
    energy = np.zeros((1, 8, 8))
    energy[0, 4, 4], energy[0, 3, 5], energy[0, 4, 0] = 1, 2, 5
    assert receptive_field.within(energy, 1) == 1 / 8
    assert receptive_field.within(energy, 3) == 3 / 8
    assert receptive_field.within(energy, 7) == 3 / 8
    assert receptive_field.within(energy, 9) == 1
    rows = receptive_field.rows(np.concatenate([energy, energy]), 0.5)
    assert [row[1] for row in rows] == [1, 3, 5, 7, 9]
    assert rows[-1][2] == 1
    assert np.isnan(receptive_field.within(np.zeros((1, 8, 8)), 3)).all()
