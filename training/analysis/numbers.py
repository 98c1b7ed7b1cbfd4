"""Format numbers for reports."""

import math

from training.statistics.intervals import Interval


def interval(value: Interval) -> str:
    """The mean and, if it is finite, half the width of its interval."""
    half = (value.high - value.low) / 2
    return f"{value.mean:.2f}" + (f" ± {half:.2f}" if math.isfinite(half) else "")


def signed(value: float, digits: int = 2) -> str:
    """A number with its sign, using the typographic minus; zero has no sign."""
    text = f"{value:+.{digits}f}" if math.isfinite(value) else f"{'-' if value < 0 else '+'}∞"
    if math.isfinite(value) and float(text) == 0:
        return text[1:]
    return text.replace("-", "−")


def span(value: Interval, digits: int = 2) -> str:
    """The limits of an interval; open if infinite."""
    if not math.isfinite(value.low) and not math.isfinite(value.high):
        return "no interval: too few pairs"
    return f"{signed(value.low, digits)} to {signed(value.high, digits)}"


def number(value: float, digits: int = 2) -> str:
    """A number with the given digits; – for NaN or infinity."""
    return f"{value:,.{digits}f}" if math.isfinite(value) else "–"


def points(value: float, digits: int = 2) -> str:
    """ "1 point", "0.35 points"."""
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return f"{text} point" if text == "1" else f"{text} points"


def p_value(p: float) -> str:
    """A p-value in the style of journals."""
    if p < 0.001:
        return "p < .001"
    if p >= 0.995:
        return "p 1"
    digits = 3 if p < 0.1 else 2
    return f"p {p:.{digits}f}".replace("0.", ".")


def counted(count: int, noun: str) -> str:
    """ "1 run", "3 runs"."""
    return f"{count:,} {noun}{'s' * (count != 1)}"


def listed(names: list[str]) -> str:
    """ "a, b and c"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def upper(text: str) -> str:
    """The text with a capital first letter."""
    return f"{text[:1].upper()}{text[1:]}"
