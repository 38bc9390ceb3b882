"""Reads a raw recording in place by kerchunk's references: fsspec's reference filesystem and zarr."""

import json
import sys

import fsspec
import numpy as np
import zarr

references, path = sys.argv[1:3]
if zarr.__version__.startswith("2."):
    mapper = fsspec.get_mapper("reference://", fo=references, remote_protocol="file")
    array = zarr.open(mapper, mode="r", path=path or None)
else:
    from zarr.storage import FsspecStore

    filesystem = fsspec.filesystem("reference", fo=references, remote_protocol="file", asynchronous=True)
    array = zarr.open_array(FsspecStore(filesystem, read_only=True), mode="r", path=path, zarr_format=2)
values = np.asarray(array[:])
print(
    json.dumps(
        {
            "shape": list(values.shape),
            "dtype": values.dtype.str,
            "data": values.ravel().tolist(),
            "attributes": dict(array.attrs),
        }
    )
)
