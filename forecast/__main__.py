"""``python -m forecast``: seals the environment first, then does what the command says."""

import os
import sys

from forecast.determinism import seal

if __name__ == "__main__":
    # Before numpy or torch can be imported: they read their variables as they load.
    seal()
    from forecast.commands import main

    code = main(sys.argv[1:])
    if "TORCHELASTIC_RUN_ID" not in os.environ:
        sys.exit(code)
    # A thread of the exchange between workers may still let go of a tensor, and would abort an interpreter that is
    # being taken down (github.com/pytorch/pytorch/pull/179291). All is written and closed, so nothing is lost.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
