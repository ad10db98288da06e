from creativity.measures.classes import COLLAGE, COLLAGES, COPY, NAMES, NEW_REAL, NEW_UNREAL, column


def test_a_class_has_a_measure_of_its_own():
    assert [column(name) for name in NAMES] == ["class_copy", "class_collage", "class_new_and_real", "class_new_and_unreal"]
    assert NAMES == (COPY, COLLAGE, NEW_REAL, NEW_UNREAL)
    assert not set(COLLAGES) & set(NAMES)
