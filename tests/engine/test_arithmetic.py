"""Functions of which every machine makes the same bits: right, in all shapes, and of what they may use."""

import ast
import hashlib
import inspect
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal, localcontext
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as shapes

from planmodel.engine import arithmetic
from planmodel.engine.arithmetic import cube, exp, expm1, log, log1p, ndtr, ndtri, power, square

Array = np.ndarray
Exact = Callable[..., Decimal]
DIGITS = 40
PRIMITIVES = {"sqrt", "fabs", "minimum", "maximum", "where", "bits", "number", "shift_left", "shift_right"}
FUNCTIONS = {
    name: made
    for name, made in vars(arithmetic).items()
    if inspect.isfunction(made) and name not in PRIMITIVES
}
ONE_ARGUMENT = [exp, expm1, log, log1p, ndtr, ndtri, square, cube]
INF, NAN = float("inf"), float("nan")
LEAST = 2.0**-1074


@pytest.fixture(autouse=True)
def _flags() -> Iterator[None]:
    with np.errstate(all="raise", under="ignore"):
        yield


def some(low: float, high: float, seed: int = 1) -> Array:
    return np.random.default_rng(seed).uniform(low, high, 1000)


def around(centre: float) -> Array:
    """Points on both sides, from near to very near, and the next doubles."""
    away = 10.0 ** some(-15.0, -1.0, 2)
    points = np.concatenate([away, -away, [LEAST, -LEAST, 1e-300, 2.0**-53, -(2.0**-53)]])
    beside = [np.nextafter(centre, -np.inf), np.nextafter(centre, np.inf)]
    return np.concatenate([centre + points, beside])


def error(made: Array, exact: Exact, *arguments: Array) -> float:
    """Return the largest error in units of the last place."""
    worst = 0.0
    with localcontext() as context:
        context.prec = DIGITS
        for value, *given_ in zip(made.tolist(), *(a.tolist() for a in arguments), strict=True):
            right = exact(*map(Decimal, given_))
            unit = Decimal(float(np.spacing(abs(float(right)) or LEAST)))
            worst = max(worst, float(abs(Decimal(value) - right) / unit))
    return worst


def relative(made: Array, exact: Exact, argument: Array) -> float:
    with localcontext() as context:
        context.prec = DIGITS
        pairs = zip(made.tolist(), argument.tolist(), strict=True)
        return max(float(abs(Decimal(value) / exact(Decimal(x)) - 1)) for value, x in pairs)


def exact_expm1(x: Decimal) -> Decimal:
    return x + x * x / 2 + x**3 / 6 + x**4 / 24 if abs(x) < Decimal("1e-9") else x.exp() - 1


def exact_log1p(x: Decimal) -> Decimal:
    return x - x * x / 2 + x**3 / 3 - x**4 / 4 if abs(x) < Decimal("1e-9") else (1 + x).ln()


def exact_power(x: Decimal, y: Decimal) -> Decimal:
    return (y * x.ln()).exp()


def exact_ndtr(x: Decimal) -> Decimal:
    """Sum Taylor's series near zero, else the continued fraction of Laplace."""
    z = abs(x)
    two_pi = Decimal("6.283185307179586476925286766559005768394")
    density = (-z * z / 2).exp() / two_pi.sqrt()
    if z < 4:
        term = total = z
        for n in range(1, 120):
            term *= z * z / (2 * n + 1)
            total += term
        tail = Decimal("0.5") - density * total
    else:
        below = z
        for n in range(400, 0, -1):
            below = z + n / below
        tail = density / below
    return 1 - tail if x > 0 else tail


# ---- accuracy ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "x", [some(-2, 2), some(-745, 709.7), around(0.0), np.array([709.782712893384, -708.4, 0.0, -745.13])]
)
def test_exp_is_right_to_the_last_place(x: Array) -> None:
    assert error(exp(x), Decimal.exp, x) < 0.9


@pytest.mark.parametrize(
    "x", [some(-1.3, 1.3), some(-50, 709.7), some(35, 60), around(0.0), np.array([709.782712893384, -800.0])]
)
def test_expm1_is_right_to_the_last_place(x: Array) -> None:
    assert error(expm1(x), exact_expm1, x) < 0.9


@pytest.mark.parametrize(
    "x", [some(0.3, 3), 10.0 ** some(-323, 308), around(1.0), np.array([LEAST, 1.7e308])]
)
def test_log_is_right_to_the_last_place(x: Array) -> None:
    assert error(log(x), Decimal.ln, x) < 0.9


@pytest.mark.parametrize(
    "x",
    [some(-0.99, 3), 10.0 ** some(-3, 308), around(0.0), 10.0 ** some(-15, -1) - 1.0, np.array([1.7e308])],
)
def test_log1p_is_right_to_the_last_place(x: Array) -> None:
    assert error(log1p(x), exact_log1p, x) < 0.9


@pytest.mark.parametrize(("reach", "units"), [(1.0, 0.9), (10.0, 0.95), (50.0, 2.0), (700.0, 25.0)])
@pytest.mark.parametrize("x", [some(0.5, 2.0), 10.0 ** some(-320, 308), around(1.0)[:-7]])
def test_power_is_right_to_the_last_place_where_its_logarithm_is_small(
    x: Array, reach: float, units: float
) -> None:
    y = np.resize(some(-reach, reach, 3), x.shape) / np.log(x)
    assert error(power(x, y), exact_power, x, y) < units


def test_powers_that_are_exact() -> None:
    x = np.concatenate([some(0, 9), 10.0 ** some(-320, 308), [0.0, INF, LEAST]])
    assert np.array_equal(power(x, 1.0), x)
    assert np.array_equal(power(1.0, x), np.ones_like(x))
    assert np.array_equal(power(x, 0.0), np.ones_like(x))
    assert np.array_equal(square(x[:1000]), x[:1000] ** 2)
    assert np.array_equal(cube(x[:1000]), x[:1000] * x[:1000] * x[:1000])


def test_the_normal_distribution_is_right_in_both_tails() -> None:
    x = np.concatenate([some(-37.4, 0), some(-9, 9), around(0.0)])
    assert relative(ndtr(x), exact_ndtr, x) < 1e-15
    assert ndtr(0.0) == 0.5


def test_the_inverse_of_the_normal_distribution() -> None:
    p = np.concatenate(
        [some(0.001, 0.999), 10.0 ** some(-16.2, -1), 1.0 - 10.0 ** some(-15.9, -1), [2.0**-54]]
    )
    pairs = zip(ndtri(p).tolist(), p.tolist(), strict=True)
    with localcontext() as context:
        context.prec = DIGITS
        for value, share in pairs:
            x = Decimal(value)
            density = (-x * x / 2).exp() / Decimal("2.506628274631000502415765284811045253007")
            away = (exact_ndtr(x) - Decimal(share)) / density  # a step of Newton's from here to what is right
            assert abs(away) <= abs(x) * Decimal("1e-15"), share
    assert ndtri(0.5) == 0.0


@pytest.mark.parametrize(
    ("function", "points"),
    [
        (exp, (-745.0, -1.0, -0.34657359027997264, 0.34657359027997264, 1.0397207708399179, 709.0)),
        (expm1, (-38.0, -1.0, -0.34657359027997264, 0.34657359027997264, 1.0397207708399179, 709.0)),
        (log, (2.3e-308, 0.5, 0.7071067811865476, 1.0, 1.4142135623730951, 2.0, 1e300)),
        (log1p, (-0.99, -0.2928932188134524, 0.0, 0.41421356237309515, 1.0, 1e300)),
        (ndtr, (-37.0, -4.0, 0.0, 4.0)),
        (ndtri, (1e-20, 1.3887943864964e-11, 0.075, 0.5, 0.925, 1 - 1.3887943864964e-11)),
    ],
)
def test_a_greater_argument_gives_no_less(
    function: Callable[[Array], Array], points: tuple[float, ...]
) -> None:
    """Also where the reckoning goes over to another multiple of log 2 or another polynomial."""
    fine = np.array([p * (1.0 + n * 1e-13) if p else n * 1e-17 for p in points for n in range(-30, 31)])
    assert all(a <= b for a, b in pairwise(function(np.sort(fine))))
    coarse = function(np.linspace(points[0], points[-1], 4001))
    assert all(a <= b for a, b in pairwise(coarse))


# ---- out of the ordinary -----------------------------------------------------------------------------------

FLAGS = {"divide": "divide by zero", "over": "overflow", "invalid": "invalid value"}
RAISING = [
    (log, (0.0,), "divide", -INF),
    (log, (-0.0,), "divide", -INF),
    (log, (-1.0,), "invalid", NAN),
    (log, (-LEAST,), "invalid", NAN),
    (log, (-INF,), "invalid", NAN),
    (log1p, (-1.0,), "divide", -INF),
    (log1p, (-1.5,), "invalid", NAN),
    (exp, (709.79,), "over", INF),
    (exp, (1e308,), "over", INF),
    (expm1, (709.79,), "over", INF),
    (power, (0.0, -0.5), "divide", INF),
    (power, (-0.0, -3.0), "divide", INF),
    (power, (-2.0, 2.0), "invalid", NAN),
    (power, (-2.0, 0.5), "invalid", NAN),
    (power, (10.0, 308.3), "over", INF),
    (power, (1.5, 1e308), "over", INF),
    (power, (LEAST, -1.5), "over", INF),
    (ndtri, (0.0,), "divide", None),
    (ndtri, (1.1,), "invalid", NAN),
]
QUIET = [
    (exp, (-1e308,), 0.0),
    (exp, (-INF,), 0.0),
    (expm1, (-1e308,), -1.0),
    (expm1, (1e-320,), 1e-320),
    (log, (INF,), INF),
    (log1p, (INF,), INF),
    (log1p, (1e-320,), 1e-320),
    (power, (0.0, 0.3), 0.0),
    (power, (-0.0, 0.3), 0.0),
    (power, (0.0, 1e308), 0.0),
    (power, (0.0, 0.0), 1.0),
    (power, (INF, 0.5), INF),
    (power, (INF, -0.5), 0.0),
    (power, (0.5, INF), 0.0),
    (power, (0.5, 1e308), 0.0),
    (power, (1.7e308, -1.7e308), 0.0),
    (power, (1.0, 1e308), 1.0),
    (ndtr, (1e308,), 1.0),
    (ndtr, (-1e308,), 0.0),
    (ndtr, (-INF,), 0.0),
    (ndtr, (INF,), 1.0),
    *((f, (NAN,), NAN) for f in (exp, expm1, log, log1p, ndtr, ndtri)),
    *((power, pair, NAN) for pair in ((NAN, 2.0), (NAN, -0.5), (2.0, NAN), (0.0, NAN), (NAN, NAN))),
]


@pytest.mark.parametrize(("function", "arguments", "flag", "result"), RAISING)
@pytest.mark.parametrize("kind", [float, np.float64, lambda x: np.array([2.0 if x > 0.0 else 0.5, x])])
def test_what_is_wrong_raises_the_flag_of_numpy(
    function: Callable[..., Array],
    arguments: tuple[float, ...],
    flag: str,
    result: float | None,
    kind: Callable[[float], Array],
) -> None:
    others = {"all": "raise", "under": "ignore", flag: "ignore"}
    given_ = [kind(a) for a in arguments]
    if function is ndtri and np.ndim(given_[0]):
        given_ = [np.array([0.5, *arguments])]
    with pytest.raises(FloatingPointError, match=FLAGS[flag]):
        function(*given_)
    if result is not None:
        with np.errstate(**others):  # type: ignore[arg-type]
            assert np.array_equal(np.ravel(function(*given_))[-1], result, equal_nan=True)


@pytest.mark.parametrize(("function", "arguments", "result"), QUIET)
def test_what_has_a_value_raises_no_flag(
    function: Callable[..., Array], arguments: tuple[float, ...], result: float
) -> None:
    assert np.array_equal(function(*arguments), result, equal_nan=True)
    made = function(*(np.array([0.5, a]) for a in arguments))
    assert np.array_equal(made[1], result, equal_nan=True)


# ---- bits --------------------------------------------------------------------------------------------------


def same(one: Array, other: Array) -> bool:
    return np.asarray(one).tobytes() == np.asarray(other).tobytes()


@settings(deadline=None)
@given(
    shapes.arrays(np.float64, shapes.array_shapes(max_dims=3, max_side=4), elements=st.floats(0.001, 0.999)),
    st.integers(1, 3),
    st.booleans(),
)
def test_an_element_has_the_same_bits_wherever_it_stands(x: Array, stride: int, turned: bool) -> None:
    apart = np.full((*x.shape, stride), 0.5)[..., 0]
    apart[...] = x
    view = apart.T if turned else apart[::-1]
    for function in ONE_ARGUMENT:
        made = function(view)
        assert made.shape == view.shape
        alone = [function(float(v)) for v in view.ravel()]
        assert same(made.ravel(), np.array(alone))
    alone = [power(float(v), 1.0 - float(v)) for v in view.ravel()]
    assert same(power(view, 1.0 - view).ravel(), np.array(alone))


def test_a_float_gives_a_float() -> None:
    for function in ONE_ARGUMENT:
        assert isinstance(function(0.25), float)
        assert isinstance(function(np.array(0.25)), float)
    assert isinstance(power(0.25, 2), float)
    assert power(np.array([1.0, 2.0]), 0.5).shape == (2,)
    assert power(2.0, np.array([0.5, 1.0])).shape == (2,)
    assert power(0.0, np.array([0.5, 1.0])).shape == (2,)
    assert power(2, 2) == 4.0
    assert exp(0) == 1.0


HASHED = """
import hashlib
import numpy as np
from planmodel.engine import arithmetic as a
x = np.random.default_rng(5).uniform(0.0, 1.0, 20000)
with np.errstate(all="raise", under="ignore"):
    made = [a.exp(1500.0 * x - 800.0), a.expm1(4.0 * x - 2.0), a.log(9.0 * x), a.log1p(3.0 * x - 1.0)]
    made += [a.power(9.0 * x, 6.0 * x[::-1] - 3.0), a.ndtr(60.0 * x - 40.0), a.ndtri(x), a.cube(x)]
print(hashlib.sha256(np.concatenate(made).tobytes()).hexdigest())
"""


def hashed(**environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", HASHED],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
    )
    return done.stdout


def test_a_processor_of_fewer_instructions_makes_the_same_bits() -> None:
    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    hidden = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-AVX2,-AVX512F"}
    if found:
        hidden["NPY_DISABLE_CPU_FEATURES"] = ",".join(found)
    here = hashed()
    assert len(here.strip()) == 2 * hashlib.sha256().digest_size
    assert here == hashed(**hidden)


# ---- what they may use -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_is_made_of_what_can_be_compiled(name: str) -> None:
    tree = ast.parse(inspect.getsource(FUNCTIONS[name])).body[0]
    assert isinstance(tree, ast.FunctionDef)
    known = [a.arg for a in tree.args.args]
    assert [a.arg for a in ast.walk(tree.args) if isinstance(a, ast.arg)] == known
    assert not tree.args.defaults
    assert ast.get_docstring(tree)
    *assigned, last = tree.body[1:]
    for node in assigned:
        assert isinstance(node, ast.Assign)
        [target] = node.targets
        assert isinstance(target, ast.Name)
        expression(node.value, known)
        assert target.id not in known, f"{target.id} has two values"
        known.append(target.id)
    assert isinstance(last, ast.Return)
    assert last.value is not None
    expression(last.value, known)


def expression(node: ast.expr, known: list[str]) -> None:
    match node:
        case ast.Constant():
            assert isinstance(node.value, int | float)
        case ast.Name():
            constant = node.id.isupper() and type(getattr(arithmetic, node.id)) in (int, float)
            assert node.id in known or constant, node.id
        case ast.BinOp():
            assert isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div | ast.BitAnd | ast.BitOr)
            expression(node.left, known)
            expression(node.right, known)
        case ast.UnaryOp():
            assert isinstance(node.op, ast.USub | ast.Invert)
            expression(node.operand, known)
        case ast.Compare():
            assert len(node.ops) == 1
            expression(node.left, known)
            expression(node.comparators[0], known)
        case ast.Call():
            assert isinstance(node.func, ast.Name)
            assert node.func.id in PRIMITIVES | FUNCTIONS.keys()
            assert not node.keywords
            for argument in node.args:
                expression(argument, known)
        case _:
            pytest.fail(ast.unparse(node))
