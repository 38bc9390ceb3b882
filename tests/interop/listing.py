"""Prints what h5py lists: for every group of the files its keys, for every object its attributes' names, one JSON line a file.

    python listing.py FILE …

Names that aren't UTF-8 are written by surrogateescape, as the text of JSON.
"""

import json
import sys

import h5py


def text(name):
    return name.decode("utf-8", "surrogateescape") if isinstance(name, bytes) else name


def visit(node, path, facts):
    facts[path] = {"attributes": [text(name) for name in node.attrs]}
    if not isinstance(node, h5py.Group):
        return
    facts[path]["keys"] = [text(name) for name in node]
    for name in node:
        # By the low level: `get` takes no name that isn't UTF-8.
        raw = name if isinstance(name, bytes) else name.encode()
        if node.id.links.get_info(raw).type == h5py.h5l.TYPE_HARD:
            visit(node[name], f"{path.rstrip('/')}/{text(name)}", facts)


for path in sys.argv[1:]:
    with h5py.File(path, "r") as file:
        facts = {}
        visit(file["/"], "/", facts)
        print(json.dumps(facts))
