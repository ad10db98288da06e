"""Which files of a folder are read: links, circles, hidden files, what is closed; and no walk for each image."""

import os

import numpy as np
import pytest
from PIL import Image

from creativity.data import folder
from creativity.data.folder import files_in
from creativity.data.source import DataError


def save(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.zeros((4, 4), np.uint8)).save(path)


def names(root):
    return [file.path.relative_to(root).as_posix() for file in files_in(root, "key").images]


def test_links_are_followed_once_and_circles_end(tmp_path):
    save(tmp_path / "a/one.png")
    save(tmp_path / "pool/two.png")
    (tmp_path / "a/pool").symlink_to("../pool")
    (tmp_path / "pool/up").symlink_to("..")
    (tmp_path / "a/again.png").symlink_to("one.png")
    os.link(tmp_path / "a/one.png", tmp_path / "a/zz.png")
    assert names(tmp_path / "a") == ["one.png", "pool/two.png"]
    assert names(tmp_path) == ["a/one.png", "pool/two.png"]
    assert len(files_in(tmp_path, "key").again) == 2


def test_hidden_files_and_folders_are_not_seen_and_others_are_counted(tmp_path):
    for name in ("a.png", "._a.png", ".ipynb_checkpoints/a.png", "__MACOSX/a.png", "b/.hidden/c.png", "b/c.PNG"):
        save((tmp_path / name).with_suffix(".png")) if not name.endswith("PNG") else save(tmp_path / "b/c.png")
    for name in ("notes.txt", "raw.heic", "README", "Thumbs.db"):
        (tmp_path / name).write_text("x")
    assert names(tmp_path) == ["a.png", "b/c.png"]
    assert files_in(tmp_path, "key").ignored == {".txt": 1, ".heic": 1, "without an ending": 1}


def test_what_is_closed_or_leads_nowhere_is_named_at_once(tmp_path, monkeypatch):
    save(tmp_path / "a.png")
    save(tmp_path / "shut/b.png")
    (tmp_path / "gone.png").symlink_to("nowhere.png")
    listed = os.scandir

    def scandir(path):
        if str(path).endswith("shut"):  # tests may run as root, to whom nothing is closed
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(folder.os, "scandir", scandir)
    with pytest.raises(DataError, match=r"found 2 paths: .*shut \(permission denied\), .*gone.png \(a link to nothing\)"):
        files_in(tmp_path, "key")
