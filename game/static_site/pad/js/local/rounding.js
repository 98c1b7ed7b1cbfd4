// Rounding as the server does it, so that the same drawing gets the same points.

/** `x` to so many decimal places; what lies exactly between two goes to the even one. */
export function round(x, digits = 0) {
  const doubled = x * 2 ** (digits + 1); // exact, unlike a power of ten
  const between = Number.isInteger(doubled) && doubled % 2 !== 0;
  if (!between) return Number(x.toFixed(digits));
  const below = Math.floor((doubled * 5 ** digits) / 2); // of the last digit; here all of it is exact
  return (below % 2 === 0 ? below : below + 1) / 10 ** digits;
}
