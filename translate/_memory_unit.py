"""One unit of the translation memory."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A segment with English that somebody stands behind.

    Attributes:
        source: The Japanese segment.
        target: Its English.
        origin: The PO file, or the name of the import.
        role: Role of the segment's block (see ``document.Role``), where known.
        terms: Hash of the segment's glossary terms (see ``glossary.terms_hash``), where known.
        approved_by: Who approved it, where known.
        date: When (ISO 8601, UTC), where known.
        count: In how many places the source has this English.
        copy: Whether it is itself what the memory proposed, word for word.
    """

    source: str
    target: str
    origin: str
    role: str = ""
    terms: str = ""
    approved_by: str = ""
    date: str = ""
    count: int = 1
    copy: bool = False

    @property
    def digest(self) -> str:
        """Eight hex digits that name this source with this target.

        >>> len(Unit("橋", "Bridge", "a.po").digest)
        8
        """
        joined = f"{self.source}\0{self.target}".encode("utf-8", "surrogatepass")
        return hashlib.sha256(joined).hexdigest()[:8]
