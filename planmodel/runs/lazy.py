"""Many chunk files, and the rows of a design, as arrays of Dask of which a part is read when it is needed.

Only the first chunk is opened beforehand: what the others hold follows from the index. To open each, as
xarray would, takes ten milliseconds a file.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import dask.array as da
import h5py
import numpy as np
import pandas as pd
import xarray as xr
from dask.base import tokenize

from planmodel.engine import UserError
from planmodel.netcdf import as_held
from planmodel.runs.index import Known

_LINES = 10_000  # of a design that are read together
Block = Callable[[Any], np.ndarray]


def open_chunks(chunks: Sequence[Known]) -> xr.Dataset:
    """Return the members of chunks, one after the other, dimensions member and time."""
    with xr.open_dataset(chunks[0].file.path, engine="h5netcdf") as opened:
        first = as_held(opened).load()
    token = tokenize([str(known.file.path) for known in chunks], [known.touched for known in chunks])
    sizes = tuple(known.rows for known in chunks)

    def joined(name: str, variable: xr.Variable) -> xr.Variable:
        if "member" not in variable.dims:
            return variable
        axis = variable.dims.index("member")
        shape: list[tuple[int, ...]] = [(size,) for size in variable.shape]
        shape[axis] = sizes
        places = [tuple(i if a == axis else 0 for a in range(variable.ndim)) for i in range(len(chunks))]
        blocks = {
            (f"{name}-{token}", *place): (
                read_block,
                str(known.file.path),
                name,
                variable.dims,
                variable.dtype,
            )
            for place, known in zip(places, chunks, strict=True)
        }
        array = _array(blocks, f"{name}-{token}", tuple(shape), variable.dtype)
        return xr.Variable(variable.dims, array, variable.attrs)

    numbers = np.concatenate([known.members() for known in chunks])
    coordinates = {str(n): joined(str(n), c.variable) for n, c in first.coords.items() if n != "member"}
    coordinates["member"] = xr.Variable("member", numbers, first["member"].attrs)
    variables = {str(n): joined(str(n), v.variable) for n, v in first.data_vars.items()}
    return xr.Dataset(variables, {name: coordinates[str(name)] for name in first.coords})


def _array(
    blocks: dict[Any, Any], name: str, sizes: tuple[tuple[int, ...], ...], dtype: np.dtype[Any]
) -> da.Array:
    return da.Array(blocks, name, sizes, dtype=dtype)  # type: ignore[no-untyped-call]


def read_block(path: str, name: str, dims: Sequence[str], dtype: np.dtype[Any]) -> np.ndarray:
    """Return a variable of one chunk, its dimensions in a given order."""
    with h5py.File(path, "r") as file:
        held = file[name]
        if held.dtype == dtype and not {"scale_factor", "add_offset"} & set(held.attrs):
            order = [str(dim[0].name).rpartition("/")[2] if len(dim) else "" for dim in held.dims]
            if sorted(order) == sorted(dims):
                return np.transpose(np.asarray(held), [order.index(dim) for dim in dims])
    with xr.open_dataset(path, engine="h5netcdf") as opened:  # what is coded otherwise than it is held
        return np.asarray(opened[name].transpose(*dims).values)


class Rows:
    """The rows of ``design.csv``: where each stretch of them begins, and how to read it.

    Parameters
    ----------
    file
        The file, as planmodel wrote it.
    kinds
        What the columns hold by name: number, switch, date or text.

    Raises
    ------
    UserError
        If the file cannot be read.
    """

    def __init__(self, file: Path, kinds: Mapping[str, str]) -> None:
        self.file, self.kinds = file, kinds
        self.starts, self.size = _starts(file)
        with file.open("rb") as opened:
            self.header = opened.readline()

    def read(self, number: int) -> dict[str, np.ndarray]:
        """Return the columns of a stretch."""
        with self.file.open("rb") as opened:
            opened.seek(self.starts[number])
            text = opened.read(self.starts[number + 1] - self.starts[number])
        rows = pd.read_csv(
            io.BytesIO(self.header + text),
            index_col="member",
            dtype=dict.fromkeys(self.kinds, str),
            keep_default_na=False,
        )
        return {name: _typed(rows[name], kind) for name, kind in self.kinds.items()}

    def arrays(self) -> dict[str, da.Array]:
        """Return the columns, of which stretches are read when they are needed."""
        token = tokenize(str(self.file), self.file.stat().st_mtime_ns, self.starts)
        count = len(self.starts) - 1
        sizes = tuple(min(_LINES, self.size - i * _LINES) for i in range(count))
        blocks: dict[Any, Any] = {(f"rows-{token}", i): (self.read, i) for i in range(count)}
        kinds = {name: column.dtype for name, column in self.read(0).items()}
        found = {}
        for name, dtype in kinds.items():
            mine = {(f"{name}-{token}", i): (_column, (f"rows-{token}", i), name) for i in range(count)}
            found[name] = _array({**blocks, **mine}, f"{name}-{token}", (sizes,), dtype)
        return found

    def table(self) -> pd.DataFrame:
        """Return all rows."""
        parts = [self.read(i) for i in range(len(self.starts) - 1)]
        columns = {name: np.concatenate([part[name] for part in parts]) for name in self.kinds}
        return pd.DataFrame(columns, index=pd.RangeIndex(self.size, name="member"))


def _column(rows: Mapping[str, np.ndarray], name: str) -> np.ndarray:
    return rows[name]


def _typed(column: pd.Series, kind: str) -> np.ndarray:
    texts = column.tolist()
    if kind == "number":
        return np.array([float(text) for text in texts])  # exact in every version of pandas
    if kind == "switch":
        return np.array([text == "True" for text in texts], dtype=bool)
    if kind == "date":
        return np.asarray(pd.to_datetime(column).to_numpy())
    return np.array(texts, dtype=object)


def _starts(file: Path) -> tuple[list[int], int]:
    """Return where stretches of lines begin and the last one ends, in bytes, and the number of lines."""
    starts, lines, at = [], -1, 0  # the header is none
    with file.open("rb") as opened:
        while piece := opened.read(2**24):
            ends = np.flatnonzero(np.frombuffer(piece, dtype=np.uint8) == 10)
            wanted = np.flatnonzero((np.arange(lines, lines + ends.size) + 1) % _LINES == 0)
            starts += (ends[wanted] + 1 + at).tolist()
            lines, at = lines + ends.size, at + len(piece)
    if lines < 1:
        raise UserError(f"{file}: cannot be read: it has no row")
    if starts[-1] != at:
        starts.append(at)
    return starts, lines
