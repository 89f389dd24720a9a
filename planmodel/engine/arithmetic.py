"""Functions of which every machine makes the same bits: exp, log, log1p, expm1, power and the normal ones.

Libraries take other roads on other processors, and their last bits differ. Here there are only operations
whose results are fixed (IEEE 754): ``+ - * /``, square root, comparisons, choices and the bits of a double.
A product and a sum are rounded each by itself: whoever compiles this must not contract them.

Each function but the primitives is assignments to names and one return, of those operations, the primitives
and each other, so that its tree can be compiled as it stands. Arrays may have any shape, floats give floats,
and an element has the same bits wherever it stands. No choice is a branch: both sides are always reckoned, on
stand-ins where an argument is out of a side's domain, so that only what is wrong raises a flag of floating
point: a logarithm of zero ``divide``, what is too large ``overflow``, what has no value ``invalid``.

The methods are those of fdlibm (Sun Microsystems, 1993), without its branches; errors are below one unit in
the last place (ulp), where a function says nothing else. NaN gives NaN; zeros of either sign are one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

INF = float("inf")
# A float of whole value k within 2**51 is K - MAGIC, where K = k + MAGIC has k in its last bits.
MAGIC = 6755399441055744.0
PER_LN2, LN2_HI, LN2_LO = 1.44269504088896338700, 6.93147180369123816490e-01, 1.90821492927058770002e-10
WHOLE_BITS = 0x4330000000000000  # of 2**52: an exponent put into its last bits is added to it
FROM_WHOLE = 4503599627370496.0 + 1023.0
LEAST, LIFT, LIFTED = 2.2250738585072014e-308, 18014398509481984.0, 54.0  # below LEAST bits are lost
MANTISSA = 0x000FFFFFFFFFFFFF
ROOT_HALF = 0x3FE6A09E667F3BCD  # bits of sqrt(1/2)
TO_ROOT_HALF = 0x3FF0000000000000 - ROOT_HALF  # added to bits: exponents step where f goes from + to -
TWO_BIASES = 2046 - 0x4338000000000000  # added to the bits of K: k and twice the bias of exponents
FIRST_HALF = -0x8000000  # keeps 26 bits of a mantissa: a product of two such numbers is exact


# ---- primitives --------------------------------------------------------------------------------------------

sqrt, fabs, minimum, maximum = np.sqrt, np.fabs, np.minimum, np.maximum


def where(condition: Any, one: Any, other: Any) -> Any:
    """Return one where a condition holds, elsewhere the other."""
    return np.where(condition, one, other)[()]


def bits(x: Any) -> Any:
    """Return the bits of doubles as whole numbers (int64), of the same shape."""
    return np.asarray(x, dtype=np.float64).view(np.int64)[()]


def number(i: Any) -> Any:
    """Return the doubles that have these bits (int64), of the same shape."""
    return i.view(np.float64)


def shift_left(i: Any, places: int) -> Any:
    """Return whole numbers (int64) with their bits moved up; what leaves is lost."""
    return i << places


def shift_right(i: Any, places: int) -> Any:
    """Return whole numbers (int64) with their bits moved down; zeros come in."""
    return (i.view(np.uint64) >> places).view(np.int64)


# ---- exponentials ------------------------------------------------------------------------------------------


def exp_of_sum(x: Any, more: Any) -> Any:
    """Return e**(x + more), where more is below 0.001: what a double x cannot hold."""
    v = maximum(minimum(x, 750.0), -750.0)
    t = v * PER_LN2 + MAGIC
    k = t - MAGIC
    hi = v - k * LN2_HI
    lo = k * LN2_LO - more
    r = hi - lo
    z = r * r
    a = -2.77777777770155933842e-03 + z * (
        6.61375632143793436117e-05 + z * (-1.65339022054652515390e-06 + z * 4.13813679705723846039e-08)
    )
    c = r - z * (1.66666666666666019037e-01 + z * a)
    y = 1.0 - ((lo - (r * c) / (2.0 - c)) - hi)
    # y * 2**k in two steps, of which the first is exact: the second overflows or loses bits by itself.
    j = bits(t) + TWO_BIASES
    half = shift_right(j, 1)
    return y * number(shift_left(half, 52)) * number(shift_left(j - half, 52))


def exp(x: Any) -> Any:
    """Return e**x; above 709.78 infinity with ``overflow``, below -745.13 zero."""
    return exp_of_sum(x, 0.0)


def expm1(x: Any) -> Any:
    """Return e**x - 1, exact to the last places near zero too; above 709.78 infinity with ``overflow``."""
    v = maximum(minimum(x, 750.0), -40.0)
    t = v * PER_LN2 + MAGIC
    k = t - MAGIC
    hi = v - k * LN2_HI
    lo = k * LN2_LO
    r = hi - lo
    c = (hi - r) - lo
    h = 0.5 * r
    q = r * h
    a = -7.93650757867487942473e-05 + q * (4.00821782732936239552e-06 + q * -2.01099218183624371326e-07)
    g = 1.0 + q * (-3.33333333333331316428e-02 + q * (1.58730158725481460165e-03 + q * a))
    d = 3.0 - g * h
    w = q * ((g - d) / (6.0 - r * d))
    e = (r * (w - c) - c) - q
    # 2**k (1 + r - e) - 1 = 2**k ((1 - 2**-k) + r - e); one and rest keep what the sums lose.
    j = bits(t) + TWO_BIASES
    half = shift_right(j, 1)
    m = where(k > 1000.0, 0.0, number(shift_left(3069 - j, 52)))
    one = 1.0 - m
    rest = (1.0 - one) - m
    u = one + r
    y = u - ((e - ((one - u) + r)) - rest)
    return y * number(shift_left(half, 52)) * number(shift_left(j - half, 52))


# ---- logarithms --------------------------------------------------------------------------------------------


def log_series(s: Any) -> Any:
    """Return log((1 + s)/(1 - s))/s - 2, for s within 0.172 of zero."""
    z = s * s
    w = z * z
    odd = 6.666666666666735130e-01 + w * (
        2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)
    )
    even = 3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01)
    return z * odd + w * even


def log(x: Any) -> Any:
    """Return the natural logarithm; of zero minus infinity with ``divide``, below it NaN with ``invalid``."""
    a = where(x < INF, fabs(x), 1.0)
    small = a < LEAST
    j = bits(a * where(small, LIFT, 1.0)) + TO_ROOT_HALF
    k = number(shift_right(j, 52) | WHOLE_BITS) - where(small, FROM_WHOLE + LIFTED, FROM_WHOLE)
    g = number((j & MANTISSA) + ROOT_HALF) - 1.0
    # a = 2**k (1 + g). The division raises the flags: -2/0 of zero, infinity over itself below it.
    f = where(x == 0.0, -2.0, where(x < 0.0, INF, g))
    s = f / (2.0 + f)
    h = 0.5 * f * f
    y = k * LN2_HI - ((h - (s * (h + log_series(s)) + k * LN2_LO)) - f)
    return where(x < INF, y, x)


def log1p(x: Any) -> Any:
    """Return log(1 + x), exact to the last places near zero too; out of domain like :func:`log`."""
    v = where(x < INF, x, 0.0)
    u = 1.0 + v
    b = u - 1.0
    lost = (1.0 - (u - b)) + (v - b)
    j = bits(fabs(u)) + TO_ROOT_HALF
    k = number(shift_right(j, 52) | WHOLE_BITS) - FROM_WHOLE
    near = k == 0.0
    g = where(near, v, number((j & MANTISSA) + ROOT_HALF) - 1.0)
    c = where(near, 0.0, lost / where(u > 0.0, u, 1.0))
    f = where(u == 0.0, -2.0, where(u < 0.0, INF, g))
    s = f / (2.0 + f)
    h = 0.5 * f * f
    y = k * LN2_HI - ((h - (s * (h + log_series(s)) + (k * LN2_LO + c))) - f)
    return where(x < INF, y, x)


# ---- powers ------------------------------------------------------------------------------------------------


def square(x: Any) -> Any:
    """Return x * x."""
    return x * x


def cube(x: Any) -> Any:
    """Return x * x * x."""
    return x * x * x


def power(x: Any, y: Any) -> Any:
    """Return x**y for x from zero on; the error is below 1 ulp where y log x is within 10 of zero.

    Elsewhere the error grows with y log x, to some 20 ulp. Numbers below zero have no power, whole exponents
    included: NaN with ``invalid``; equations write those as products. Zero to the power zero is 1, to less
    than zero infinity with ``divide``.
    """
    plain = (x > 0.0) & (x < INF) & (y != 1.0)
    v = where(plain, x, 1.0)
    small = v < LEAST
    j = bits(v * where(small, LIFT, 1.0)) + TO_ROOT_HALF
    k = number(shift_right(j, 52) | WHOLE_BITS) - where(small, FROM_WHOLE + LIFTED, FROM_WHOLE)
    f = number((j & MANTISSA) + ROOT_HALF) - 1.0
    # s = f/(2 + f) in two words, s_hi of 26 bits; 1/(2 + f) is (1 - s)/2.
    t = 2.0 + f
    s = f / t
    s_hi = number(bits(s) & FIRST_HALF)
    t_hi = number(bits(t) & FIRST_HALF)
    s_lo = ((f - s_hi * t_hi) - s_hi * (f - (t_hi - 2.0))) * (0.5 - 0.5 * s)
    # log x = k log 2 + 2 s + ..., in two words: big and rest, then a_hi of 26 bits and a_lo.
    whole = k * LN2_HI
    twice = 2.0 * s_hi
    big = whole + twice
    rest = (2.0 * s_lo + s * log_series(s)) + (k * LN2_LO + ((whole - big) + twice))
    a_hi = number(bits(big + rest) & FIRST_HALF)
    a_lo = (big - a_hi) + rest
    # y log x in two words; no y that matters is cut off.
    e = maximum(minimum(y, 1e300), -1e300)
    e_hi = number(bits(e) & FIRST_HALF)
    more = maximum(minimum(e * a_lo + (e - e_hi) * a_hi, 0.001), -0.001)
    made = exp_of_sum(e_hi * a_hi, more)
    # What is not plain is a quotient of x and 1, by the sign of y; below zero it is 0/0.
    r = where(plain, 1.0, where(x < 0.0, 0.0, x) + 0.0)
    one = where(x < 0.0, 0.0, 1.0) + 0.0 * e
    edge = where(y > 0.0, r, one) / where(y < 0.0, r, one)
    return where(plain, made, edge)


# ---- the normal distribution -------------------------------------------------------------------------------


def polynomial(x: Any, a: Any, b: Any, c: Any, d: Any, e: Any, f: Any, g: Any, h: Any) -> Any:
    """Return a + b x + c x**2 and so on, to the seventh power."""
    return a + x * (b + x * (c + x * (d + x * (e + x * (f + x * (g + x * h))))))


# fmt: off
def ndtr(x: Any) -> Any:
    """Return the share of a standard normal distribution below x; in both tails right to 1e-15 of itself.

    The lower tail is exp(-z**2/2) w p(t) with z = abs(x), w = 1/(z + 4) and t = 1 - 8 w, where p is a
    polynomial through the nodes of Chebyshev for z from 0 to 39, reckoned in 80 digits.
    """
    z = minimum(fabs(x), 40.0)
    w = 1.0 / (z + 4.0)
    t = 1.0 - 8.0 * w
    late = polynomial(
        t, -5.914380081034766e-06, -6.277422341697653e-07, 1.0109156422074605e-06, 2.654359145965975e-07,
        -1.4350074067758307e-07, -7.548408794530701e-08, 7.275819365679484e-09,
        1.1778492581634052e-08 + t * 2.1976330925973466e-09,
    )
    middle = polynomial(
        t, -0.003479692374410255, 0.0016308184055919227, 0.00013334436347723014, -0.00023109452349699203,
        -1.9084176255120743e-06, 3.514272874233549e-05, 7.166154819147747e-07, late,
    )
    p = (
        0.7552851304157515 + t * (-0.607896641971891 + t * (0.3871374007422045
        + t * (-0.1865218579597736 + t * (0.06039657489137532 + t * (-0.00754018896310587 + t * middle)))))
    )
    # z in two words: the square of the first is exact.
    z_hi = number(bits(z) & FIRST_HALF)
    tail = exp_of_sum(-0.5 * (z_hi * z_hi), -0.5 * ((z - z_hi) * (z + z_hi))) * (w * p)
    return where(x > 0.0, 1.0 - tail, tail)


def ndtri(p: Any) -> Any:
    """Return what the share p of a standard normal distribution lies below; p above 0 and below 1.

    Algorithm AS 241 (PPND16): M. J. Wichura, Applied Statistics 37 (1988), 477-484; right to 1e-15 of itself.
    """
    q = p - 0.5
    inner = fabs(q) <= 0.425
    u = where(inner, 0.180625 - q * q, 0.0)
    a = polynomial(
        u, 3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
        4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3,
    )
    b = polynomial(
        u, 1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
        2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3,
    )
    r = sqrt(-log(where(inner, 0.05, where(q < 0.0, p, 1.0 - p))))
    far = r > 5.0
    v = where(far, 1.6, r) - 1.6
    c = polynomial(
        v, 1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
        3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
        2.27238449892691845833e-2, 7.74545014278341407640e-4,
    )
    d = polynomial(
        v, 1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
        1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
        1.05075007164441684324e-9,
    )
    w = where(far, r, 5.0) - 5.0
    e = polynomial(
        w, 6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
        2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
        2.71155556874348757815e-5, 2.01033439929228813265e-7,
    )
    f = polynomial(
        w, 1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
        7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
        2.04426310338993978564e-15,
    )
    outer = where(far, e, c) / where(far, f, d)
    return where(inner, q * (a / b), where(q < 0.0, -outer, outer))
# fmt: on
