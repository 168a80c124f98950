"""The errors that a user can meet; the command line turns each into one message and exit code 2.

A message says where (file, line, term), what is wrong, and how to mend it.
"""

from __future__ import annotations


class YakubunError(Exception):
    """The base of every error that Yakubun raises on purpose."""


class InputError(YakubunError):
    """An article, a reference or a setting cannot be read or makes no sense."""


class BusyError(InputError):
    """Another process writes the file that is to be written, and has not come to an end."""


class GlossaryError(YakubunError):
    """A glossary file is malformed or contradicts itself."""


class CatalogError(YakubunError):
    """A PO file cannot be read, or cannot be written without losing something."""


class EngineError(YakubunError):
    """A translation engine is unknown, cannot be loaded, or broke its contract."""


class ScoreError(YakubunError):
    """Two texts cannot be compared, for example because their lengths differ."""


class ClusterError(YakubunError):
    """A cluster cannot be reached, its workers differ, or they failed too often."""


class BusyError(InputError):
    """Another process is writing the file, and did not come to an end in the time that was given to it."""
