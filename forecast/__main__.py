"""``python -m forecast``: seals the environment first, then does what the command says."""

import os
import sys

from forecast.determinism import seal

if __name__ == "__main__":
    # Before numpy or torch can be imported: they read their variables as they load.
    seal()
    from forecast.commands import main

    code = main(sys.argv[1:])
    if "TORCHELASTIC_RUN_ID" in os.environ:
        from forecast.team import leave

        leave(code)
    sys.exit(code)
