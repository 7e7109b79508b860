"""From the level of a spectrum to the size of an earthquake."""

import numpy as np


def seismic_moment(
    plateau: float,
    distance_km: float,
    speed_m_s: float,
    density_kg_m3: float = 2700.0,
    radiation: float = 0.52,
    free_surface: float = 2.0,
) -> float:
    r"""Return the seismic moment that a plateau stands for.

    .. math:: M_0 = \frac{4 \pi \rho v^3 R\, \Omega_0}{F\, S}

    Parameters
    ----------
    plateau : float
        :math:`\Omega_0`, low-frequency level of the displacement spectrum along the ray, in m·s.
    distance_km : float
        :math:`R`, hypocentral distance.
    speed_m_s : float
        :math:`v`, speed of the wave at the source.
    density_kg_m3 : float
        :math:`\rho`, density at the source.
    radiation : float
        :math:`F`, how much the source sends this way; by default the root mean square of P over
        all directions.
    free_surface : float
        :math:`S`, how much the surface amplifies; 2 for a wave that comes straight up.

    Returns
    -------
    float
        In N·m.

    Raises
    ------
    ValueError
        If a number is not positive.

    References
    ----------
    Aki, K., and Richards, P. G. (2002). Quantitative Seismology, 2nd edition, equation 4.97.
    """
    numbers = (plateau, distance_km, speed_m_s, density_kg_m3, radiation, free_surface)
    if not all(number > 0 for number in numbers):
        raise ValueError(
            "plateau, distance, speed, density, radiation and surface factor must be positive, "
            f"but are {', '.join(f'{number:g}' for number in numbers)}"
        )
    spreading = 4 * np.pi * density_kg_m3 * speed_m_s**3 * 1000 * distance_km
    return plateau * spreading / (radiation * free_surface)


def moment_magnitude(moment: float) -> float:
    """Return the moment magnitude of a seismic moment in N·m.

    References
    ----------
    Hanks, T. C., and Kanamori, H. (1979). A moment magnitude scale. Journal of Geophysical
    Research, 84(B5), 2348-2350. doi:10.1029/JB084iB05p02348
    """
    if not moment > 0:
        raise ValueError(f"a seismic moment must be positive, but is {moment:g} N·m")
    return (float(np.log10(moment)) - 9.1) / 1.5
