"""Whether metadata agree with themselves and with the samples.

A response that contradicts itself can be removed all the same, and the amplitudes are wrong by a
factor that nothing later can find. StationXML says most things twice, so that much of it can be
seen: the overall sensitivity and the gains of the stages, the units of both, the sampling rate of
the channel and that of the samples. What all places agree upon cannot.
"""

import math
import re

import numpy as np
from obspy.core.inventory import Channel, PolesZerosResponseStage
from obspy.core.inventory.response import Response

from seispipe.errors import BadMetadata

# Metres, also in parts of them, and over so many seconds: what evalresp takes for ground motion.
_GROUND_MOTION = re.compile(r"([NCM]?)M(/S|/SEC|/\(?S(EC)?\*\*2\)?|/S/S)?")
# evalresp gives what one metre makes, whichever part of one the response is of.
_PARTS_OF_A_METRE = {"": 1.0, "C": 1e2, "M": 1e3, "N": 1e9}
# From this on evalresp warns.
_MOST_MISMATCH = 0.05
# Digitisers' clocks are better by far; what is rounded in print is not.
_MOST_DRIFT = 1e-3
_UPRIGHT_DEG = 30.0
# Far beyond what leads from a digitiser's clock to one sample an hour.
_MOST_THINNED = 10**9


def demand_agreement(channel: Channel, sampling_rate: float) -> None:
    """Refuse the epoch of a channel that does not describe the samples.

    Parameters
    ----------
    channel : Channel
        The epoch.
    sampling_rate : float
        Of the samples, in Hz.

    Raises
    ------
    BadMetadata
        If it has another sampling rate, or is called vertical and does not stand upright.
    """
    stated = channel.sample_rate
    if stated is not None and not _equal(stated, sampling_rate, _MOST_DRIFT):
        raise BadMetadata(
            f"the records of {channel.code} have {sampling_rate:g} Hz, and its metadata say "
            f"{stated:g} Hz; ask the network which is true"
        )
    dip = channel.dip
    if channel.code.endswith("Z") and dip is not None and abs(abs(dip) - 90) > _UPRIGHT_DEG:
        raise BadMetadata(
            f"{channel.code} is called vertical, and its metadata say that it dips by {dip:g}° "
            "where ±90° is upright; ask the network which is true"
        )


def demand_consistent(response: Response) -> None:
    """Refuse a response that contradicts itself.

    It calls evalresp, of which only one call may run at a time: see to that.

    Parameters
    ----------
    response : Response
        The response.

    Raises
    ------
    BadMetadata
        If it does not begin with ground motion, a stage takes another rate than the one before
        gives, a pole is unstable, it cannot be evaluated, or its stages and its overall sensitivity
        differ by more than 5 % or in their sign or units.
    """
    stages = response.response_stages
    unit = (stages[0].input_units or "").upper()
    if not _GROUND_MOTION.fullmatch(unit):
        raise BadMetadata(
            f"the response begins with {unit or 'no unit'}, which is no ground motion; leave the "
            "channel out, or ask the network for better metadata"
        )
    _demand_stable(stages[0])
    _demand_rates(stages)
    _demand_sensitivity(response, unit)


def _demand_stable(stage: object) -> None:
    if (
        not isinstance(stage, PolesZerosResponseStage)
        or "LAPLACE" not in stage.pz_transfer_function_type
    ):
        return
    for pole in stage.poles:
        if complex(pole).real > 0:
            raise BadMetadata(
                f"the response has a pole at {complex(pole):g}, with which it would grow without "
                "end; ask the network for better metadata"
            )


def _demand_rates(stages: list) -> None:
    # Whether the last of them leaves the rate of the samples is not asked: networks describe the
    # filters of their digitisers, and often not what thinned the samples out afterwards.
    rate = None
    for stage in stages:
        begins, factor = stage.decimation_input_sample_rate, stage.decimation_factor
        if begins is None or not factor:
            continue
        if not 0 < factor <= _MOST_THINNED:  # StationXML has whole numbers of any length
            raise BadMetadata(
                f"stage {stage.stage_sequence_number} of the response keeps one sample of a number "
                "that no filter has; ask the network for better metadata"
            )
        if rate is not None and not _equal(begins, rate, _MOST_DRIFT):
            raise BadMetadata(
                f"stage {stage.stage_sequence_number} of the response takes {begins:g} Hz, and "
                f"the one before gives {rate:g} Hz; ask the network for better metadata"
            )
        rate = begins / factor


def _demand_sensitivity(response: Response, unit: str) -> None:
    overall = response.instrument_sensitivity
    stated = overall and overall.frequency
    frequency = stated if stated and math.isfinite(stated) and stated > 0 else 1.0
    found = evaluated(response, frequency)
    if not overall or not overall.value or not stated:
        return
    if overall.input_units and overall.input_units.upper() != unit:
        raise BadMetadata(
            f"the overall sensitivity is of {overall.input_units}, and the first stage takes "
            f"{unit}; ask the network which is true"
        )
    gains = [stage.stage_gain for stage in response.response_stages if stage.stage_gain]
    if np.sign(overall.value) != np.prod(np.sign(gains)):
        raise BadMetadata(
            "the overall sensitivity and the gains of the stages differ in their sign, so that up "
            "and down are not certain; ask the network which is true"
        )
    made = abs(found) / _PARTS_OF_A_METRE[_GROUND_MOTION.fullmatch(unit)[1]]
    if not _equal(made, abs(overall.value), _MOST_MISMATCH):
        raise BadMetadata(
            f"at {frequency:g} Hz the stages of the response make {made:.4g} counts of one "
            f"{unit}, and the overall sensitivity says {abs(overall.value):.4g}; ask the network "
            "which is true"
        )


def evaluated(response: Response, frequency: float) -> complex:
    """Evaluate a response in its own units at one frequency, in Hz.

    Raises
    ------
    BadMetadata
        If evalresp cannot, or what comes out is zero or no number.
    """
    try:
        (found,) = response.get_evalresp_response_for_frequencies(
            [frequency], output="DEF", hide_sensitivity_mismatch_warning=True
        )
    # ObsPy passes on whatever its C library complains of, as exceptions of several kinds.
    except Exception as problem:
        raise BadMetadata(
            f"the response cannot be evaluated ({type(problem).__name__}: {problem}); ask the "
            "network for better metadata"
        ) from problem
    if not np.isfinite(found) or found == 0:
        raise BadMetadata(
            f"the response is {found} at {frequency:g} Hz; ask the network for better metadata"
        )
    return complex(found)


def _equal(one: float, other: float, share: float) -> bool:
    return abs(one - other) <= share * abs(other)
