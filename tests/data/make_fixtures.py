"""Makes every *.h5 (and *.bin) of this folder, and expected.json: what h5py reads in them.

    python -m venv .venv && .venv/bin/pip install -r ../interop/requirements.txt && .venv/bin/python make_fixtures.py

Running it again gives the same bytes: no times are stored, and all seeds are fixed.
"""

import json
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "interop")]

from golden_form import describe_file  # noqa: E402
from make import filters, layouts, structure, types  # noqa: E402


# What must fail, whatever h5py makes of it: libhdf5 2.0 reads a chunk that decodes to too few bytes as if nothing were wrong.
MUST_FAIL = {
    ("filters_odd.h5", "/short_chunk"): "chunk 1 decodes to 80 bytes, expected 320",
    ("filters_odd.h5", "/unknown_filter"): "no filter 333",
    ("filters_odd.h5", "/zfp"): "no filter 32013",
    ("virtual.h5", "/stack_absent"): "virtual_absent.h5 is absent",
}


def expected(path):
    """All objects of a file as h5py reads them, but for what must fail."""
    result = describe_file(path)
    for (file, name), error in MUST_FAIL.items():
        if file == path:
            result["datasets"][name] = {"error": error}
    return result


def main():
    for part in (types, layouts, filters, structure):
        part.make()
    os.chdir(HERE)
    facts = {path.name: expected(path.name) for path in sorted(HERE.glob("*.h5"))}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(fact, ensure_ascii=False)}" for name, fact in facts.items())
    (HERE / "expected.json").write_text("{\n" + lines + "\n}\n", encoding="utf-8")


main()
