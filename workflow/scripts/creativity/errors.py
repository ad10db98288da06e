"""What a user can do something about."""


class UserError(Exception):
    """A mistake or a missing thing outside the code; its text is one sentence, and no traceback is shown."""
