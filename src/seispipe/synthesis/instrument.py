"""The instrument: a broadband seismometer, a digitiser and its two decimating filters."""

import math

import numpy as np
from obspy import UTCDateTime
from obspy.core.inventory import (
    Channel,
    Comment,
    Equipment,
    Inventory,
    Network,
    Site,
    Station,
)
from obspy.core.inventory.response import (
    CoefficientsTypeResponseStage,
    FIRResponseStage,
    InstrumentSensitivity,
    PolesZerosResponseStage,
    Response,
)
from scipy.signal import firwin

SEISMOMETER_V_PER_M_S = 1500.0
DIGITISER_COUNTS_PER_V = 2**24 / 40.0  # 24 bits over 40 V from peak to peak
SENSITIVITY = SEISMOMETER_V_PER_M_S * DIGITISER_COUNTS_PER_V
CORNER_PERIOD_S = 120.0
DAMPING = 1 / math.sqrt(2)
REFERENCE_HZ = 1.0
# Decimation factor and number of taps of each filter: 1000 Hz to 200 Hz to 100 Hz.
FILTERS = ((5, 47), (2, 95))
SYNTHETIC = "Synthetic. This instrument, like its network, exists only in the teaching archive."


def broadband_response(sampling_rate: float = 100.0) -> Response:
    """Return the response of the synthetic instrument.

    Two zeros at the origin and a pair of poles at the corner period, a pair of poles far above the
    Nyquist frequency, a digitiser, and two symmetric (hence acausal) low-pass filters.

    Parameters
    ----------
    sampling_rate : float
        Samples a second that come out.

    Returns
    -------
    Response
        From m/s to counts, four stages.
    """
    omega = 2 * math.pi / CORNER_PERIOD_S
    low = omega * complex(-DAMPING, math.sqrt(1 - DAMPING**2))
    high = complex(-300.0, 180.0)
    zeros, poles = [0j, 0j], [low, low.conjugate(), high, high.conjugate()]
    s = 2j * math.pi * REFERENCE_HZ
    gain = abs(np.prod([s - zero for zero in zeros]) / np.prod([s - pole for pole in poles]))
    rate = sampling_rate * math.prod(factor for factor, _ in FILTERS)
    stages = [
        PolesZerosResponseStage(
            stage_sequence_number=1,
            stage_gain=SEISMOMETER_V_PER_M_S,
            stage_gain_frequency=REFERENCE_HZ,
            input_units="M/S",
            output_units="V",
            pz_transfer_function_type="LAPLACE (RADIANS/SECOND)",
            normalization_frequency=REFERENCE_HZ,
            normalization_factor=float(1 / gain),
            zeros=zeros,
            poles=poles,
        ),
        CoefficientsTypeResponseStage(
            stage_sequence_number=2,
            stage_gain=DIGITISER_COUNTS_PER_V,
            stage_gain_frequency=REFERENCE_HZ,
            input_units="V",
            output_units="COUNTS",
            cf_transfer_function_type="DIGITAL",
            numerator=[],
            denominator=[],
            **_decimation(rate, 1, 0.0),
        ),
    ]
    for number, (factor, taps) in enumerate(FILTERS, start=3):
        coefficients = firwin(taps, 0.8 / factor)
        stages.append(
            FIRResponseStage(
                stage_sequence_number=number,
                stage_gain=1.0,
                stage_gain_frequency=REFERENCE_HZ,
                input_units="COUNTS",
                output_units="COUNTS",
                symmetry="NONE",
                coefficients=[float(c) for c in np.round(coefficients / coefficients.sum(), 12)],
                **_decimation(rate, factor, (taps - 1) / 2 / rate),
            )
        )
        rate /= factor
    return Response(
        instrument_sensitivity=InstrumentSensitivity(SENSITIVITY, REFERENCE_HZ, "M/S", "COUNTS"),
        response_stages=stages,
    )


def _decimation(rate: float, factor: int, delay_s: float) -> dict:
    return {
        "decimation_input_sample_rate": rate,
        "decimation_factor": factor,
        "decimation_offset": 0,
        "decimation_delay": delay_s,
        "decimation_correction": delay_s,
    }


def station_inventory(
    network: str,
    station: str,
    latitude: float,
    longitude: float,
    elevation_m: float,
    start: UTCDateTime,
    channels: str = "ZNE",
    sampling_rate: float = 100.0,
) -> Inventory:
    """Return the metadata of one synthetic station, and say in them that it is synthetic."""
    response = broadband_response(sampling_rate)
    orientation = {"Z": (0.0, -90.0), "N": (0.0, 0.0), "E": (90.0, 0.0)}
    sensor = Equipment(type="Synthetic", description=SYNTHETIC)
    made = [
        Channel(
            code=f"HH{axis}",
            location_code="",
            latitude=latitude,
            longitude=longitude,
            elevation=elevation_m,
            depth=0.0,
            azimuth=orientation[axis][0],
            dip=orientation[axis][1],
            sample_rate=sampling_rate,
            sensor=sensor,
            start_date=start,
            response=response,
        )
        for axis in channels
    ]
    site = Station(
        code=station,
        latitude=latitude,
        longitude=longitude,
        elevation=elevation_m,
        channels=made,
        site=Site(name="Synthetic"),
        start_date=start,
        creation_date=start,
        comments=[Comment(SYNTHETIC)],
    )
    # Every date is fixed, so that the same station gives the same bytes.
    return Inventory(
        networks=[Network(network, [site], description="Synthetic teaching network")],
        source="Cloud Workflows for Seismology",
        created=start,
    )
