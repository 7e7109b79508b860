import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from obspy.taup import TauPyModel
from obspy.taup.taup_create import build_taup_model

from seispipe.synthesis.earth import LayeredEarth, first_arrival

EARTH = LayeredEarth()
distances = st.floats(0.5, 200.0)
depths = st.floats(0.5, 30.0)


@given(distance=distances, depth=depths)
def test_in_a_uniform_earth_the_ray_is_straight(distance, depth):
    arrival = first_arrival(LayeredEarth((0.0,), (6.0,)), distance, depth)
    length = math.hypot(distance, depth)
    assert arrival.time_s == pytest.approx(length / 6.0, rel=1e-9)
    steepness = math.degrees(math.atan2(distance, depth))
    assert arrival.incidence_deg == pytest.approx(steepness, abs=1e-3)
    assert arrival.takeoff_deg == pytest.approx(180 - steepness, abs=1e-3)


@given(distance=distances, depth=depths)
def test_s_is_slower_by_the_ratio_and_takes_the_same_path(distance, depth):
    p, s = (first_arrival(EARTH, distance, depth, phase) for phase in "PS")
    assert s.time_s == pytest.approx(EARTH.p_to_s * p.time_s, rel=1e-9)
    assert (s.kind, s.incidence_deg) == (p.kind, pytest.approx(p.incidence_deg, abs=1e-6))


@given(distance=st.floats(1.0, 190.0), depth=depths)
def test_the_slope_of_the_travel_time_is_the_ray_parameter(distance, depth):
    """An independent law: dT/dx = sin(incidence) / v at the surface."""
    step = 1e-4
    before, after = (first_arrival(EARTH, distance + d, depth) for d in (-step, step))
    if before.kind != after.kind:
        return  # at a crossover the first arrival has a corner
    middle = first_arrival(EARTH, distance, depth)
    slope = (after.time_s - before.time_s) / (2 * step)
    expected = math.sin(math.radians(middle.incidence_deg)) / EARTH.p_speeds_km_s[0]
    if middle.kind == "direct" or abs(slope - expected) < 1e-5:
        assert slope == pytest.approx(expected, abs=1e-5)
    else:  # one head wave overtook another
        assert slope < expected


@given(distance=st.floats(10.0, 300.0), depth=depths)
def test_nothing_is_faster_than_the_fastest_layer(distance, depth):
    assert first_arrival(EARTH, distance, depth).time_s > distance / EARTH.p_speeds_km_s[-1]


def test_far_away_the_head_wave_comes_first_and_near_the_direct_one():
    assert first_arrival(EARTH, 10.0, 8.0).kind == "direct"
    assert first_arrival(EARTH, 250.0, 8.0).kind == "head"


@pytest.fixture(scope="module")
def taup(tmp_path_factory) -> TauPyModel:
    """The same layers in ObsPy's own ray tracer, which is written in another way altogether."""
    folder = tmp_path_factory.mktemp("taup")
    lines = ["teaching P", "teaching S"]
    tops = (*EARTH.tops_km, 100.0)
    for top, bottom, speed in zip(tops, tops[1:], EARTH.p_speeds_km_s, strict=False):
        lines += [f"{z} {speed} {speed / EARTH.p_to_s} 2.7" for z in (top, bottom)]
    lines += ["100.0 8.2 4.6 3.3", "2889 13.6 7.2 5.5", "2889 8.0 0.0 9.9", "5154 10.3 0.0 12.1"]
    lines += ["5154 11.0 3.5 12.7", "6371 11.2 3.6 13.0"]
    (folder / "teaching.tvel").write_text("\n".join(lines) + "\n")
    build_taup_model(str(folder / "teaching.tvel"), str(folder), verbose=False)
    return TauPyModel(str(folder / "teaching.npz"))


@pytest.mark.parametrize("distance", [9.0, 30.0, 60.0, 99.0])
def test_obspys_ray_tracer_agrees(taup, distance):
    ours = first_arrival(EARTH, distance, 8.0)
    theirs = taup.get_travel_times(8.0, distance / 111.195, phase_list=["ttp"])[0]
    # The sphere makes up to some hundredths of a second within 100 km.
    assert ours.time_s == pytest.approx(theirs.time, abs=0.03)
    assert ours.takeoff_deg == pytest.approx(theirs.takeoff_angle, abs=1.5)


@pytest.mark.parametrize(("distance", "depth"), [(0.0, 8.0), (10.0, 0.0), (-1.0, 8.0)])
def test_places_that_make_no_sense_are_refused(distance, depth):
    with pytest.raises(ValueError, match="must be positive"):
        first_arrival(EARTH, distance, depth)


def test_models_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="must grow with depth"):
        LayeredEarth((0.0, 5.0), (6.0, 5.5))
    with pytest.raises(ValueError, match="one P speed for each layer"):
        LayeredEarth((1.0,), (6.0,))
    with pytest.raises(ValueError, match="choose P or S"):
        EARTH.speeds("Q")
    assert np.isfinite(first_arrival(EARTH, 500.0, 40.0).time_s)
