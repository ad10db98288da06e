import numpy as np
from sklearn.decomposition import PCA

from creativity.neighbours.spaces import pca
from creativity.neighbours.vectors import flatten


def test_the_projection_is_scikit_learns(faces):
    rows = flatten(faces[:120])
    mine, theirs = pca.fit(faces[:120], 20)(faces[120:150]), PCA(20, svd_solver="full").fit(rows).transform(flatten(faces[120:150]))
    assert np.allclose(np.abs(mine), np.abs(theirs), atol=1e-8)
    assert pca.fit(faces[:10]).directions.shape == (9, 64)
