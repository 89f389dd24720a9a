"""From a module of LLVM to functions that can be called, and to a file from which they can be had again."""

from __future__ import annotations

import ctypes
import functools
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import llvmlite
import llvmlite.binding as llvm
from llvmlite import ir

from planmodel import cache
from planmodel.engine import arithmetic
from planmodel.engine.compiled import kernels

_HERE = Path(__file__).parent
_LEVEL = 2  # of the compiler: level 0 takes half as long, and its code runs 1.1-1.4 times as long


class Compiled:
    """Functions that can be called, by name."""

    def __init__(self, code: bytes) -> None:
        backing = llvm.parse_assembly("")
        backing.triple = llvm.get_process_triple()
        self._engine = llvm.create_mcjit_compiler(backing, _machine())  # takes the machine with it
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        self._engine.finalize_object()

    def function(self, name: str, arguments: int) -> Callable[..., int]:
        """Return a function of whole numbers."""
        kind = ctypes.CFUNCTYPE(ctypes.c_int64, *[ctypes.c_int64] * arguments)
        made = kind(self._engine.get_function_address(name))
        made.__dict__["owner"] = self  # its code lives as long as it
        return made


@functools.cache
def _ready() -> None:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    for name, address in kernels.addresses().items():
        llvm.add_symbol(name, address)


def _machine() -> Any:
    _ready()
    target = llvm.Target.from_default_triple()
    features = llvm.get_host_cpu_features().flatten()
    return target.create_target_machine(cpu=llvm.get_host_cpu_name(), features=features, opt=_LEVEL, jit=True)


def object_code(module: ir.Module) -> bytes:
    """Return the code of a module."""
    machine = _machine()
    parsed = llvm.parse_assembly(str(module))
    parsed.verify()
    # Nothing that moves a division: LLVM may carry it out where a choice would have kept it from zero, and
    # takes no notice of flags.
    passes = llvm.create_new_module_pass_manager()
    passes.add_sroa_pass()
    passes.add_new_gvn_pass()
    passes.add_aggressive_dce_pass()
    options = llvm.create_pipeline_tuning_options(speed_level=_LEVEL)
    passes.run(parsed, llvm.create_pass_builder(machine, options))
    code: bytes = machine.emit_object(parsed)
    return code


def made(key: str, write: Callable[[ir.Module], None]) -> Compiled:
    """Return the functions that are written into a module, from the user's cache if they were made before.

    Parameters
    ----------
    key
        Of what the module is made.
    write
        Writes the module.
    """
    name = hashlib.sha256(f"{key} {_compiler()}".encode()).hexdigest()
    code = cache.cached("code", name)
    if code is None:
        module = ir.Module("planmodel")
        write(module)
        code = object_code(module)
        cache.keep("code", name, code)
    return Compiled(code)


@functools.cache
def _compiler() -> str:
    """Return what code depends on beside its text: machine, LLVM, and how instructions are written."""
    files = [*sorted(_HERE.glob("*.py")), Path(arithmetic.__file__)]
    texts = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    machine = (llvm.get_process_triple(), llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten())
    return repr((llvmlite.__version__, llvm.llvm_version_info, machine, texts))
