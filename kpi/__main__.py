"""``python -m kpi``: the steps an analyst takes on the pages, for terminals and schedulers."""

import sys

from kpi.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
