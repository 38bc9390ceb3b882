"""Makes kfold_cases.json: which folds torch_brain gives names. Only that one of its files is run: the rest needs torch.

    pip install --no-deps torch_brain==0.2.1 && pip install numpy h5py pandas && python make_kfold_cases.py && deno fmt kfold_cases.json
"""

import importlib.util
import json
import pathlib

package = pathlib.Path(importlib.util.find_spec("torch_brain").submodule_search_locations[0])
spec = importlib.util.spec_from_file_location("split", package / "utils" / "split.py")
split = importlib.util.module_from_spec(spec)
spec.loader.exec_module(split)

NAMES = ["S001", "sub-01", "sub-01_ses-01", "a", " ", "a_42", "ünï–код🧠", "x" * 200, "tab\there"]
NAMES += [f"sub-{i:03d}" for i in range(20)]
OPTIONS = [{}, {"n_folds": 1}, {"n_folds": 5, "val_ratio": 0.5, "seed": 0}, {"n_folds": 10, "seed": -7}]
OPTIONS += [{"n_folds": 4, "val_ratio": 0}, {"n_folds": 4, "val_ratio": 1.0}, {"n_folds": 7, "seed": 2**70}]

cases = [
    {
        "id": name,
        **{key: str(value) if key == "seed" else value for key, value in options.items()},
        "parts": "".join(part[1] for part in split.generate_string_kfold_assignment(name, **options)),
    }
    for name in NAMES
    for options in OPTIONS
]
pathlib.Path(__file__).with_name("kfold_cases.json").write_text(json.dumps(cases, separators=(",", ":")))
