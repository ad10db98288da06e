"""Whose name stands on runs in MLflow."""

import getpass
import os

from creativity.running.user import name_the_user, user_name


def test_a_user_without_a_name_is_a_number(monkeypatch):
    monkeypatch.setenv("LOGNAME", "somebody")
    assert user_name() == "somebody"
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)

    def unknown(uid):
        raise KeyError(f"getpwuid(): uid not found: {uid}")

    monkeypatch.setattr("pwd.getpwuid", unknown)
    assert user_name() == f"uid {os.getuid()}"
    name_the_user()
    assert getpass.getuser() == f"uid {os.getuid()}"


def test_a_name_that_is_known_stays(monkeypatch):
    monkeypatch.setenv("LOGNAME", "somebody")
    name_the_user()
    assert os.environ["LOGNAME"] == "somebody"
