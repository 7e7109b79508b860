"""Colours can be told apart and letters read, also by colour-blind readers."""

from itertools import combinations

import numpy as np
import pytest
from colorspacious import cspace_convert, cspace_converter

from seispipe.teaching import figures

WHITE = "#ffffff"
SIGHTS = (None, "deuteranomaly", "protanomaly", "tritanomaly")
PERCEIVED = cspace_converter("sRGB1", "CAM02-UCS")
# In CAM02-UCS, 1 is what can just be seen when two patches touch. Apart from one another, in thin
# lines, ten times as much is needed.
APART = 10
# Here it is the hue alone that tells.
GROUPS = {
    "stages": figures.STAGE_COLOURS.values(),
    "workers": figures.WORKERS,
    "roles": figures.ROLES.values(),
    "ways": figures.WAYS.values(),
    "activities": figures.ACTIVITIES.values(),
    # Hatches tell the others apart.
    "outcomes": [colour for colour, hatch in figures.OUTCOMES.values() if not hatch],
    "in one record": [figures.COLOURS[name] for name in ("motion", "P", "noise")],
    "P and S": [figures.COLOURS[name] for name in ("P", "S")],
    "data and model": [figures.COLOURS[name] for name in ("motion", "model")],
}
WRITTEN_IN = {"INK": figures.INK, "QUIET": figures.QUIET}
WHITE_ON = {
    f"{name} {what}": colour
    for name in ("STAGE_COLOURS", "ROLES", "WAYS")
    for what, colour in getattr(figures, name).items()
} | {f"worker {number}": colour for number, colour in enumerate(figures.WORKERS)}


def rgb(colour):
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255


def seen(colour, sight):
    """Return where a colour lies in a space in which distances are those that people see."""
    if sight is None:
        return PERCEIVED(rgb(colour))
    space = {"name": "sRGB1+CVD", "cvd_type": sight, "severity": 100}
    return PERCEIVED(np.clip(cspace_convert(rgb(colour), space, "sRGB1"), 0, 1))


def contrast(one, other):
    """Return the ratio that WCAG 2 defines."""
    lights = []
    for colour in (one, other):
        c = rgb(colour)
        linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
        lights.append(linear @ [0.2126, 0.7152, 0.0722])
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def test_the_measures_know_what_is_known():
    assert contrast("#000000", WHITE) == pytest.approx(21)
    assert np.linalg.norm(seen("#d00000", "deuteranomaly") - seen("#707000", "deuteranomaly")) < 30
    assert np.linalg.norm(seen("#d00000", None) - seen("#00a000", None)) > 50


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("sight", SIGHTS)
def test_what_belongs_together_can_be_told_apart(group, sight):
    for one, other in combinations(GROUPS[group], 2):
        assert np.linalg.norm(seen(one, sight) - seen(other, sight)) >= APART, (one, other)


@pytest.mark.parametrize("ink", WRITTEN_IN)
@pytest.mark.parametrize("ground", [WHITE, *figures.PALE, figures.IDLE])
def test_letters_can_be_read(ink, ground):
    # Remarks stand on white alone.
    if ink == "INK" or ground == WHITE:
        assert contrast(WRITTEN_IN[ink], ground) >= 4.5


@pytest.mark.parametrize("what", WHITE_ON)
def test_white_letters_can_be_read_on_it(what):
    assert contrast(WHITE, WHITE_ON[what]) >= 4.5


def test_no_letter_is_too_small_for_a_phone():
    """A figure 6.4 inches wide is shown about half as large there: 4.5 points are left of 9."""
    assert min(figures.SMALL, figures.NORMAL, figures.LARGE) >= 9
