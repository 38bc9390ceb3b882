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

import h5py  # noqa: E402

from golden_form import describe_attributes, describe_dataset  # noqa: E402
from make import filters, layouts, structure, types  # noqa: E402


# What must fail, whatever h5py makes of it: libhdf5 2.0 reads a chunk that decodes to too few bytes as if nothing were wrong.
MUST_FAIL = {
    ("filters_odd.h5", "/short_chunk"): "chunk 1 decodes to 80 bytes, expected 320",
    ("filters_odd.h5", "/unknown_filter"): "no filter 333",
}


def expected(path):
    """All objects of a file, walked by hard links from the root, as h5py reads them."""
    result = {"datasets": {}, "attributes": {}}

    def visit(node, name, above):
        attributes = describe_attributes(node)
        if attributes:
            result["attributes"][name] = attributes
        if (path, name) in MUST_FAIL:
            result["datasets"][name] = {"error": MUST_FAIL[path, name]}
        elif isinstance(node, h5py.Dataset):
            result["datasets"][name] = describe_dataset(node)
        if not isinstance(node, h5py.Group):
            return
        for key in node:
            child = f"{name.rstrip('/')}/{key}"
            link = node.get(key, getlink=True)
            if isinstance(link, h5py.SoftLink):
                result["datasets"][child] = {"softlink": link.path}
            elif isinstance(link, h5py.ExternalLink):
                result["datasets"][child] = {"external": [link.filename, link.path]}
            elif node[key] not in above:
                visit(node[key], child, [*above, node[key]])

    with h5py.File(path, "r") as file:
        visit(file["/"], "/", [file["/"]])
    return result


def main():
    for part in (types, layouts, filters, structure):
        part.make()
    os.chdir(HERE)
    facts = {path.name: expected(path.name) for path in sorted(HERE.glob("*.h5"))}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(fact, ensure_ascii=False)}" for name, fact in facts.items())
    (HERE / "expected.json").write_text("{\n" + lines + "\n}\n", encoding="utf-8")


main()
