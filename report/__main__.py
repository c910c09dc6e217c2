"""``python -m report``: reports without a screen, for terminals and schedulers."""

import sys

from report.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
