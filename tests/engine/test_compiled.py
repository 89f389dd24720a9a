"""Compiled code against NumPy: operations node by node, phases, settlement, audit, queues; what is cached."""

from __future__ import annotations

import ast
import itertools
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from llvmlite import ir
from small import EQUATIONS, TABLE, blocks, simulation

from planmodel.economies.soviet.sites import Sites, manner_of
from planmodel.engine import ConservationError, EquationError, NegativeStockError, UserError, arithmetic
from planmodel.engine.axes import Axes, Axis
from planmodel.engine.backend import chosen, compiled_books
from planmodel.engine.board import Board, Variable
from planmodel.engine.books import Account, Commodity, Flow
from planmodel.engine.compiled import compiler, kernels, phases
from planmodel.engine.compiled.elements import Elements, NotCompiledError, Value
from planmodel.engine.compiled.lanes import WIDTH, Functions, Lanes
from planmodel.engine.compiled.queues import Queues
from planmodel.engine.ledger import Ledger
from planmodel.engine.memory import addresses, fill, matrix, padded
from planmodel.engine.queues import Queues as UnderNumpy
from planmodel.engine.serving import TOGETHER, Manner, Outcome
from planmodel.runs.history import History
from planmodel.runs.of_scenario import NamedWork
from planmodel.scenario import load_scenario, registry

MARCH = date(1930, 3, 31)
NUMBERS = np.array([-3.5, -1.0, -0.25, 0.0, 1e-9, 0.25, 0.5, 1.0, 1.5, 2.0, 7.25, 1e3, 4.4e8, 0.1, 0.9, 3.0])
AXES = Axes([Axis("town", ("north", "south", "east"), "", ""), Axis("good", ("bread", "cloth"), "", "")])


def compiled(text: str, *arguments: np.ndarray, axes: tuple[tuple[str, ...], ...] = ()) -> np.ndarray:
    """Return what compiled code makes of a function of arrays (members last), and the shape of its cells."""
    tree = ast.parse(textwrap.dedent(text)).body[0]
    assert isinstance(tree, ast.FunctionDef)
    axes = axes or tuple(() for _ in arguments)
    members = arguments[0].shape[-1]
    tables = [matrix(int(np.prod(a.shape[:-1])), members) for a in arguments]
    for table, argument in zip(tables, arguments, strict=True):
        table[:] = argument.reshape(-1, members)
        fill(table)
    sizes: list[int] = []

    def write(module: ir.Module) -> None:
        made, b = kernels.function(module, "test", len(tables) + 2)
        with kernels.loop(b, kernels.whole(0), made.args[-1], WIDTH) as offset:
            known = {}
            for arg, table, place, own in zip(tree.args.args, tables, made.args, axes, strict=False):
                rows = [kernels.entry(b, place, row) for row in range(len(table))]
                known[arg.arg] = Value(own, [kernels.load(b, b.add(row, offset)) for row in rows])
            lanes = Lanes(b, Functions(module))
            found = Elements(AXES, lanes).run(tree, known, {"np": np})
            for at, cell in enumerate(found.cells):
                row = kernels.entry(b, made.args[-2], at)
                kernels.store(b, lanes.lifted(cell), b.add(row, offset))
            sizes.append(len(found.cells))
        b.ret(kernels.whole(0))

    module = ir.Module("test")
    write(module)
    function = compiler.Compiled(compiler.object_code(module)).function("test", len(tables) + 2)
    out = matrix(sizes[0], members)
    places = [addresses(table) for table in (*tables, out)]
    function(*(place.ctypes.data for place in places), padded(members) * 8)
    return out[0] if sizes == [1] else out


def under_numpy(text: str, *arguments: np.ndarray) -> Any:
    space = {"np": np} | {n: getattr(arithmetic, n) for n in ("power", "ndtr")}
    text = textwrap.dedent(text)
    for name in ("exp", "log1p", "log", "expm1"):
        text = text.replace(f"np.{name}(", f"{name}(")
        space[name] = getattr(arithmetic, name)
    exec(text, space)
    return space["f"](*arguments)


BOTH = (compiled, under_numpy)
BINARY = ["a + b", "a - b", "a * b", "a / (b + 10.5)", "np.minimum(a, b)", "np.maximum(a, b)", "-a", "+a"]
UNARY = [
    "np.exp(np.minimum(a, 700.0))",
    "np.expm1(np.minimum(b, 700.0))",
    "np.log(abs_a)",
    "np.log1p(abs_a)",
    "np.sqrt(abs_a)",
    "np.abs(a)",
]
MASKS = ["a < b", "a <= b", "a > b", "a >= b", "a == b", "a != b", "np.isfinite(a)"]
CHOICES = [
    "np.where(a > b, a, b)",
    "np.where((a > 0.0) & (b > 0.0), 1.0, a)",
    "np.where(~(a > b) | (b < 1.0), b, 2.0)",
]
OTHERS = ["a * (b > 1.0)", "(a > b) * (b > 0.0) * 1.0", "a**2", "a**3", "3.0", "ndtr(a)"]


@pytest.mark.parametrize("expression", BINARY + UNARY + MASKS + CHOICES + OTHERS)
def test_an_operation_has_the_bits_of_numpy(expression: str) -> None:
    text = f"def f(a, b, abs_a):\n    return {expression}\n"
    a, b = (grid.ravel() for grid in np.meshgrid(NUMBERS, NUMBERS))
    arguments = (a, b, np.abs(a) + 1e-9)
    expected = np.broadcast_to(np.asarray(_products(text, arguments), dtype=float), a.shape)
    np.testing.assert_array_equal(compiled(text, *arguments), expected)


def _products(text: str, arguments: tuple[np.ndarray, ...]) -> Any:
    for power, product in (("a**2", "a * a"), ("a**3", "a * a * a")):
        text = text.replace(power, product)
    return under_numpy(text, *arguments)


@given(base=st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=20), exponent=st.floats(-4.0, 4.0))
@settings(max_examples=20, deadline=None)
def test_a_power_has_the_bits_of_our_arithmetic(base: list[float], exponent: float) -> None:
    a, b = np.array(base), np.full(len(base), exponent)
    found = compiled("def f(a, b):\n    return a**b\n", a, b)
    np.testing.assert_array_equal(found, arithmetic.power(a, b))


def test_a_power_at_an_edge_has_the_bits_of_our_arithmetic_and_so_have_its_neighbours() -> None:
    """Eight numbers that are no edge take another way through the code than eight of which one is."""
    edges = [(0.0, 2.5), (0.0, -1.0), (np.inf, 0.5), (5e-324, 0.3), (3.0, 1.0), (0.7, 0.0), (1.0, -2.0)]
    plain = np.random.default_rng(1).uniform(0.1, 9.0, (128 * len(edges), 2))
    for at, edge in enumerate(edges):
        for lane in range(8):
            plain[128 * at + 16 * lane + lane] = edge
    a, b = np.ascontiguousarray(plain.T)
    with np.errstate(divide="ignore"):
        expected = arithmetic.power(a, b)
    np.testing.assert_array_equal(compiled("def f(a, b):\n    return a**b\n", a, b), expected)


def test_an_assignment_a_sum_and_an_axis() -> None:
    text = """
    def f(need, price):
        cost = need * price
        cost += 1.0
        return total(cost, "good") / total(cost, "town", "good")
    """
    need, price = np.arange(18.0).reshape(3, 2, 3) + 0.3, np.array([[0.1, 0.7, 0.9], [1.1, 3.0, 7.0]])
    found = compiled(text, need, price, axes=(("town", "good"), ("good",)))
    cost = need * price + 1.0
    each = cost[:, 0] + cost[:, 1]
    whole = cost[0, 0] + cost[0, 1] + cost[1, 0] + cost[1, 1] + cost[2, 0] + cost[2, 1]
    np.testing.assert_array_equal(found, each / whole)


@pytest.mark.parametrize("text", ["power(a, b)", "np.exp(a)", "np.expm1(a)"])
@pytest.mark.parametrize("a", [0.0, -0.0, 1.0, 2.5, 1e-310])
@pytest.mark.parametrize("b", [0.0, -0.0, 1.0, 1.5])
def test_numbers_that_all_members_share_have_the_bits_of_numpy(text: str, a: float, b: float) -> None:
    """Functions have ends of their own for eight zeros; one other number among them, and they go on."""
    for others in ([], [3]):
        one = np.full(8, a)
        one[others] = 0.7
        made, other = (how(f"def f(a, b):\n    return {text}\n", one, np.full(8, b)) for how in BOTH)
        assert made.tobytes() == other.tobytes()


@pytest.mark.parametrize("shared", [0.0, 2.0])
def test_the_side_of_an_if_that_is_not_chosen_raises_no_flag(shared: float) -> None:
    text = "def f(a, months):\n    return a / months if months > 0.0 else a\n"
    a = np.array([1.0, 2.0, 3.0])
    expected = a / 2.0 if shared else a
    np.testing.assert_array_equal(compiled(text, a, np.full(3, shared)), expected)


def test_what_cannot_be_compiled_is_refused() -> None:
    with pytest.raises(NotCompiledError, match="cannot be compiled"):
        compiled("def f(a):\n    return a[0]\n", NUMBERS)
    with pytest.raises(NotCompiledError, match="no function is called 'tanh'"):
        compiled("def f(a):\n    return np.tanh(a)\n", NUMBERS)


# ---- settlement, audit and closing -------------------------------------------------------------------------


@st.composite
def networks(draw: st.DrawFn) -> dict[str, Any]:
    names = ["granary", "town", "army", "mill"]
    flows = []
    for number in range(draw(st.integers(1, 7))):
        source, destination = draw(st.permutations(["field", *names]))[:2]
        if destination == "field":
            source, destination = destination, source
        flows.append((f"f{number}", source, destination, draw(st.integers(0, 2))))
    members = draw(st.integers(1, 19) | st.integers(60, 75))  # lines of eight go together, the rest alone
    other = draw(st.integers(0, len(flows)))  # how many are of another commodity
    amounts = draw(st.integers(0, 2**32 - 1))
    return {"names": names, "flows": flows, "members": members, "seed": amounts, "other": other}


def books(network: dict[str, Any]) -> tuple[Ledger, Board]:
    both = ("grain", "coal")
    accounts = [Account(of, name, "", "stock") for of in both for name in network["names"]]
    accounts += [Account(of, "field", "", "source") for of in both]
    flows = [
        Flow(n, both[at < network["other"]], source, to, "", rank)
        for at, (n, source, to, rank) in enumerate(network["flows"])
    ]
    members = max(network["members"], 2)
    ledger = Ledger([Commodity(of, "Mt", "") for of in both], accounts, flows, members)
    chance = np.random.default_rng(network["seed"])
    for of, name in itertools.product(both, network["names"]):
        ledger.endow(of, name, chance.uniform(0.0, 2.0, members))
    return ledger, Board([Variable("price", "1", ""), Variable("fear", "1", "")], members)


@given(networks())
@settings(max_examples=60, deadline=None)
def test_settlement_and_closing_have_the_bits_of_numpy(network: dict[str, Any]) -> None:
    (ledger, board), (other, other_board) = books(network), books(network)
    native = compiled_books(ledger, board, "compiled")
    assert native is not None
    native.fill()
    for name, *_ in network["flows"][:1]:
        ledger.ever(name), other.ever(name)
    chance = np.random.default_rng(network["seed"] + 1)
    for month in range(3):
        for _ in range(2):
            for name, *_ in network["flows"]:
                amount = chance.uniform(0.0, 2.5, ledger.members) * (
                    chance.uniform(size=ledger.members) < 0.7
                )
                if chance.uniform() < 0.8:
                    for one in (ledger, other):
                        one.propose(name, amount.copy(), rank=int(month) if month == 2 else None)
            for prices in (board, other_board):
                prices["price"] = np.full(ledger.members, float(month))
            native.settle()
            other.settle()
            other_board.settle()
            np.testing.assert_array_equal(ledger.stocks, other.stocks)
            np.testing.assert_array_equal(ledger.moved_this_month, other.moved_this_month)
            np.testing.assert_array_equal(board.values, other_board.values)
        day = date(1930, month + 1, 28)
        residual, finite = native.close_month(day, range(ledger.members))
        assert finite
        assert residual < 1e-9
        other.audit(day, range(ledger.members))
        other.close_month()
        for name in ("stocks", "opening", "moved_this_month"):
            np.testing.assert_array_equal(getattr(ledger, name), getattr(other, name))
        for name, *_ in network["flows"][:1]:
            np.testing.assert_array_equal(ledger.ever(name), other.ever(name))


def a_market(members: int = 11) -> tuple[Ledger, Board]:
    accounts = [
        Account("grain", "store", ""),
        Account("grain", "town", ""),
        Account("grain", "field", "", "source"),
    ]
    flows = [Flow("harvest", "grain", "field", "store", ""), Flow("sale", "grain", "store", "town", "")]
    ledger = Ledger([Commodity("grain", "Mt", "")], accounts, flows, members)
    ledger.endow("grain", "store", 1.0)
    return ledger, Board([Variable("price", "1", "")], members)


@pytest.mark.parametrize("what", ["leak", "negative", "none"])
def test_a_month_that_does_not_close_is_told_as_by_numpy(what: str) -> None:
    told = []
    for engine in ("compiled", "numpy"):
        ledger, board = a_market()
        native = compiled_books(ledger, board, engine)
        amount = np.full(ledger.members, 0.25)
        if what == "none":
            amount[7] = np.nan
        ledger.propose("sale", amount)
        ledger.settle() if native is None else native.settle()
        if what == "leak":
            ledger.stocks[ledger.row("grain", "town"), 9] += 1e-3
        elif what == "negative":
            ledger.stocks[ledger.row("grain", "store"), 3] = -1.0
            ledger.opening[ledger.row("grain", "store"), 3] = -0.75
        with pytest.raises((ConservationError, NegativeStockError)) as raised:
            (ledger.audit if native is None else native.close_month)(MARCH, range(ledger.members))
        told.append((type(raised.value), str(raised.value)))
    assert told[0] == told[1]


def test_a_variable_that_is_no_number_is_found() -> None:
    ledger, board = a_market()
    native = compiled_books(ledger, board, "compiled")
    assert native is not None
    board["price"] = np.where(np.arange(ledger.members) == 5, np.inf, 1.0)
    native.settle()
    assert native.close_month(MARCH, range(ledger.members)) == (0.0, False)


# ---- economies ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("members", [(0,), (3, 1, 4), tuple(range(9))])
def test_a_small_economy_has_the_bits_of_numpy(members: tuple[int, ...], tmp_path: Path) -> None:
    parts = blocks(tmp_path / "bakery")
    one, other = (simulation(parts, members, engine=engine).play() for engine in ("compiled", "numpy"))
    assert one.identical(other)


@pytest.mark.parametrize("economy", ["baseline", *registry.smaller()])
def test_an_economy_has_the_bits_of_numpy(economy: str) -> None:
    scenario = load_scenario(economy)
    one, other = (History(scenario, range(5), 3, engine=e).run() for e in ("compiled", "numpy"))
    assert one.dataset.identical(other.dataset)
    assert one.events.table(2).equals(other.events.table(2))


def test_a_member_has_the_same_bits_in_any_chunk() -> None:
    scenario = load_scenario("baseline")
    whole = History(scenario, range(17), 1, engine="compiled").run().dataset
    for some in ([5], [16, 2], list(range(1, 12))):
        part = History(scenario, some, 1, engine="compiled").run().dataset
        assert part.identical(whole.sel(member=some))


def test_an_equation_that_makes_no_number_is_named_as_by_numpy(tmp_path: Path) -> None:
    wrong = EQUATIONS.replace("ovens * people_town / people", "ovens * people_town / (season - 1.0)")
    wrong = wrong.replace("def want(people_town, ovens, people)", "def want(people_town, ovens, season)")
    parts = blocks(tmp_path / "bakery", wrong, TABLE)
    told = []
    for engine in ("compiled", "numpy"):
        with pytest.raises(EquationError) as raised:
            simulation(parts, (0, 1, 2), engine=engine).play()
        told.append(str(raised.value))
    assert told[0] == told[1]
    assert "bread.want" in told[0]


def test_a_phase_in_which_a_flag_was_raised_is_reckoned_under_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = load_scenario("baseline").until(date(1930, 12, 31))
    expected = History(scenario, range(3), 3, engine="numpy").run()
    began, calls = phases.Phase.__init__, itertools.count()

    def raising(self: phases.Phase, *given: Any) -> None:
        began(self, *given)
        kernel = self._kernel
        self._kernel = lambda *told: kernel(*told) | (kernels.DIVISION if next(calls) % 3 == 0 else 0)

    monkeypatch.setattr(phases.Phase, "__init__", raising)
    found = History(scenario, range(3), 3, engine="compiled").run()
    assert next(calls) > 100
    assert found.dataset.identical(expected.dataset)
    assert found.events.table().equals(expected.events.table())


def test_an_equation_that_cannot_be_compiled_acts_under_numpy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = blocks(tmp_path / "bakery")
    expected = simulation(parts, (0, 1), engine="numpy").play()

    def refuse(*_: Any) -> None:
        raise NotCompiledError("on purpose")

    monkeypatch.setattr(kernels, "phase", refuse)
    monkeypatch.setattr("planmodel.engine.compiled.phases._CODES", {})
    monkeypatch.setenv("PLANMODEL_CACHE", "off")
    assert simulation(parts, (0, 1), engine="compiled").play().identical(expected)


# ---- queues ------------------------------------------------------------------------------------------------


@given(st.integers(0, 2**32 - 1), st.integers(1, 11))
@settings(max_examples=30, deadline=None)
def test_sites_are_served_with_the_bits_of_numpy(seed: int, members: int) -> None:
    chance = np.random.default_rng(seed)
    one, other = Sites(members, branches=3), Sites(members, branches=3)
    one.compile(lambda number, finished: Queues(number, members, finished))
    one.manner = other.manner = manner_of(chance.uniform(size=members), 0.2, 0.6, 0.25, 40.0)
    for month in range(12):
        if chance.uniform() < 0.3:
            one.manner = other.manner = other.manner._replace(third=chance.uniform(0.3, 0.9, members))
        branches = sorted(chance.choice(3, size=chance.integers(1, 4), replace=False).tolist())
        size = chance.uniform(0.1, 1.0, (len(branches), members)) * (chance.uniform(size=members) < 0.9)
        named = bool(chance.uniform() < 0.3)
        places = None if named else chance.choice([TOGETHER, 0.3, 0.7], len(branches)).tolist()
        for sites in (one, other):
            months = np.full(size.shape, 4.0)
            number = sites.begin(branches, f"{month}", size, months, places=places, named=named)
            if named:
                sites.works.begin(number, NamedWork(f"{month}", f"{month}", date(1930, 1, 1), "", 0.0), None)
        for found, expected in zip(one.wanted(), other.wanted(), strict=True):
            np.testing.assert_array_equal(found, expected)
        granted = other.wanted().wanted * chance.uniform(0.0, 1.3, (3, members))
        reach = chance.uniform(0.0, 1.0, (3, members))
        outcomes = [sites.build(granted, reach, date(1930, month + 1, 28)) for sites in (one, other)]
        for name in Outcome._fields[:-1]:
            found, expected = (getattr(outcome, name) for outcome in outcomes)
            np.testing.assert_array_equal(found, expected, err_msg=name)
        for at, what in outcomes[1].told.items():
            np.testing.assert_array_equal(outcomes[0].told[at], what)
        assert one.sites == other.sites
        np.testing.assert_array_equal(one.size, other.size)
        np.testing.assert_array_equal(one.done, other.done)
        if month == 6:
            one.restore(other.save())


def test_rows_that_take_the_numbers_of_others_claim_for_themselves() -> None:
    """What queues can take is added to what was known of rows that stand: not where they are others."""
    manner = Manner(0.5, 0.2, 0.6, 0.25, 40.0)
    reach, place = np.full((1, 5), 0.4), np.array([TOGETHER])
    for queues in (Queues(1, 5, 1e-9), UnderNumpy(1, 5, 1e-9)):
        for size in (1.0, 3.0):
            rows = queues.put(*(np.full((1, 5), x * size) for x in (1.0, 0.1, 0.25)))
            queues.stand(rows, [0, 1], place, [])
            np.testing.assert_array_equal(queues.wanted(reach, manner).wanted, 0.25 * size)
            queues.free(rows)


# ---- which engine, and what is kept ------------------------------------------------------------------------


def test_an_engine_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANMODEL_ENGINE", "cobol")
    with pytest.raises(UserError, match="PLANMODEL_ENGINE = 'cobol'; allowed: auto, numpy, compiled"):
        chosen()
    assert chosen("numpy") == "numpy"


def test_without_llvmlite_numpy_takes_its_place(tmp_path: Path) -> None:
    script = """
    import importlib.util, sys
    real = importlib.util.find_spec
    importlib.util.find_spec = lambda name, *a: None if name == "llvmlite" else real(name, *a)
    sys.modules["llvmlite"] = None
    from planmodel.engine.backend import compiled_books
    from planmodel.runs.history import History
    from planmodel.scenario import load_scenario
    assert History(load_scenario("feldman_domar"), [0]).books is None
    try:
        compiled_books(None, None, "compiled")
    except Exception as error:
        print(error)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=False,
        env=os.environ | {"PLANMODEL_ENGINE": "auto"},
    )  # fmt: skip
    assert "needs llvmlite" in done.stdout, done.stderr


def some_code() -> tuple[compiler.Compiled, list[int]]:
    written: list[int] = []

    def write(module: ir.Module) -> None:
        written.append(1)
        _, b = kernels.function(module, "seven", 0)
        b.ret(kernels.whole(7))

    made = compiler.made("a test", write)
    assert made.function("seven", 0)() == 7
    return made, written


def damage(folder: Path) -> None:
    for file in folder.glob("*/*"):
        file.write_bytes(file.read_bytes()[:-3] + b"abc")


def empty(folder: Path) -> None:
    for file in folder.glob("*/*"):
        file.write_bytes(b"")


@pytest.mark.parametrize("harm", [damage, empty])
def test_code_is_kept_and_made_anew_where_it_is_damaged(
    harm: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANMODEL_CACHE", str(tmp_path))
    assert some_code()[1] == [1]
    assert some_code()[1] == []
    harm(tmp_path)
    assert some_code()[1] == [1]
    assert some_code()[1] == []


def test_where_nothing_can_be_kept_code_is_compiled_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("off", str(tmp_path / "file" / "below")):
        (tmp_path / "file").write_text("no folder")
        monkeypatch.setenv("PLANMODEL_CACHE", folder)
        assert some_code()[1] == [1]
        assert some_code()[1] == [1]


def test_a_plainer_processor_makes_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither wide vectors nor fused multiply-add decide a bit."""
    scenario = load_scenario("kuzbass")
    expected = History(scenario, range(3), 3, engine="compiled").run().dataset
    plain = llvm.Target.from_default_triple

    def machine() -> Any:
        return plain().create_target_machine(opt=2, jit=True)

    monkeypatch.setattr(compiler, "_machine", machine)
    monkeypatch.setattr("planmodel.engine.compiled.phases._CODES", {})
    monkeypatch.setenv("PLANMODEL_CACHE", "off")
    assert History(scenario, range(3), 3, engine="compiled").run().dataset.identical(expected)
