"""What peers in Python share: a clock around a run, and answering calls, a JSON object per line in, one per line out."""

import json
import sys
import time


def timed(run):
    """Milliseconds that a run takes, and the number that it gives, by which answers are compared."""
    start = time.perf_counter()
    check = run()
    return {"milliseconds": (time.perf_counter() - start) * 1e3, "check": check}


def serve(calls):
    """Calls functions by name, until there are no more lines."""
    for line in sys.stdin:
        request = json.loads(line)
        try:
            print(json.dumps(calls[request.pop("call")](**request)), flush=True)
        except Exception as error:  # the caller decides what an error means
            print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)
