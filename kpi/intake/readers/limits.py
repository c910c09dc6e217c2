"""How much a file may hold before it is refused: the bounds of every reader, in one place.

They stand far above any workbook that people fill in and far below what would take a machine down. The memory and time
that reading may take in all are bounded by :mod:`kpi.intake.isolated`.
"""

MOST_BYTES = 200_000_000
"""Bytes of the file itself."""
MOST_UNPACKED = 1_000_000_000
"""Bytes of all parts of an archive together, unpacked."""
MOST_EXPANSION = 400
"""Unpacked over packed bytes of one part, where the part is larger than ``SMALL_PART``."""
SMALL_PART = 5_000_000
"""Bytes below which a part may be packed as tightly as it likes."""
MOST_PARTS = 20_000
"""Parts of an archive."""
MOST_BYTES_OF_A_TREE = 60_000_000
"""Bytes of a part that is read as a whole: styles, names, comments."""
MOST_DEPTH = 100
"""Elements of XML within each other."""
MOST_SHEETS = 2_000
"""Sheets of a workbook."""
MOST_AREA = 20_000_000
"""Rows times columns of the area that a sheet uses."""
ROWS = 1_048_576
COLUMNS = 16_384
"""The rows and columns of the largest sheet that Excel knows."""
MOST_SCATTERED = 2_000_000
"""Filled cells of a sheet whose area is beyond ``MOST_AREA``: few enough to be read one by one."""
MOST_MERGED = 500_000
"""Cells inside merged areas of a sheet, as far as it is filled."""
MOST_SPINS = 1_000_000
"""Rounds of hashing that an encrypted file may ask of a password."""
