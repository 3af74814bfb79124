"""What a user can act on. Everything else is a bug and keeps its traceback."""


class FrontlogError(Exception):
    """Stops the program at once; the message says what is wrong, where, and what to do."""


class UsageError(FrontlogError):
    """A wrong option or argument: exit status 2."""


class RunError(FrontlogError):
    """The run could not be completed, or rejected every input: exit status 1."""
