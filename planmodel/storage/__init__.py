"""The one store behind every command that writes: whose a folder is, whole files, locks, hashes, leftovers.

- :mod:`planmodel.storage.files`: a file is whole or not there; what dead processes left is swept up;
- :mod:`planmodel.storage.manifest`: what a folder says of itself, with the hash of every file in it;
- :mod:`planmodel.storage.folder`: a folder that is written as a whole, and has one owner at a time;
- :mod:`planmodel.storage.single`: a single file that the user names;
- :mod:`planmodel.storage.sealed`: a file that carries the hash of its own bytes.

Nothing here knows what the results are.
"""

from planmodel.storage.files import (
    WriteError,
    holds,
    reason,
    short_hash,
    sweep_up,
    write_pieces,
    write_whole,
)
from planmodel.storage.folder import Reserved, locked, reserve
from planmodel.storage.manifest import (
    MANIFEST,
    PAGE,
    UNVERIFIED,
    damaged,
    has_hashes,
    is_page,
    made_by,
    read_manifest,
    verified,
    write_manifest,
)
from planmodel.storage.sealed import SIGN, check_sealed, read_sealed, sealed
from planmodel.storage.single import NamedFile

__all__ = [
    "MANIFEST",
    "PAGE",
    "SIGN",
    "UNVERIFIED",
    "NamedFile",
    "Reserved",
    "WriteError",
    "check_sealed",
    "damaged",
    "has_hashes",
    "holds",
    "is_page",
    "locked",
    "made_by",
    "read_manifest",
    "read_sealed",
    "reason",
    "reserve",
    "sealed",
    "short_hash",
    "sweep_up",
    "verified",
    "write_manifest",
    "write_pieces",
    "write_whole",
]
