"""``python -m forecast``: seals the environment first, then does what the command says."""

import sys

from forecast.determinism import seal

if __name__ == "__main__":
    # Before numpy or torch can be imported: they read their variables as they load.
    seal()
    from forecast.commands import main

    sys.exit(main(sys.argv[1:]))
