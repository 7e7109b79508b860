"""Small ways in which somebody could break the package: what is changed, and into what.

Each is a line of source that occurs once in its file. They were chosen before it was known which
the tests notice: units, signs, off by one, thresholds, retries, whatever hands a row on.
"""

from typing import NamedTuple


class Change(NamedTuple):
    """One line of the package, and what stands there instead."""

    path: str
    old: str
    new: str


CHANGES = [
    # Units and constants.
    Change("correction.py", 'output="VEL"\n', 'output="ACC"\n'),
    Change("correction.py", "(2j * np.pi * frequency[1:])", "(1j * np.pi * frequency[1:])"),
    Change("correction.py", '_DERIVATIVES = {"DISP": -1', '_DERIVATIVES = {"DISP": 1'),
    Change("correction.py", "ROOM_PERIODS = 24", "ROOM_PERIODS = 4"),
    Change("correction.py", "min(1.0, 2 * plan.settings.taper_s", "min(1.0, plan.settings.taper_s"),
    Change("correction.py", "nyquist = sampling_rate / 2", "nyquist = sampling_rate"),
    Change("frequency/moment.py", "- 9.1) / 1.5", "- 9.05) / 1.5"),
    Change("frequency/moment.py", "speed_m_s**3", "speed_m_s**2"),
    Change("frequency/moment.py", "* 1000 * distance_km", "* distance_km"),
    Change("frequency/spectrum.py", "return delta_s * np.abs", "return np.abs"),
    Change("frequency/spectrum.py", "weight[0] = 1.0", "weight[0] = 2.0"),
    Change("frequency/source.py", "/ (2 * np.pi * frequency)", "/ frequency"),
    Change(
        "frequency/source.py",
        "+ np.pi * frequency * settings.t_star_s",
        "- np.pi * frequency * settings.t_star_s",
    ),
    Change("frequency/source.py", "* longer\n", "\n"),
    Change("frequency/source.py", "velocity >= settings.minimum_snr * level", "velocity >= level"),
    Change("frequency/source.py", "plateau if first_hz < corner else None", "plateau"),
    Change("synthesis/instrument.py", "float(1 / gain)", "float(gain)"),
    # Signs and directions.
    Change("trend.py", "(samples - 1) / 2", "samples / 2"),
    Change("trend.py", "slope * places(each) + level", "level - slope * places(each)"),
    Change("trimming.py", "start = onset - settings.before_s", "start = onset + settings.before_s"),
    Change("trimming.py", "signal.stats.starttime - settings.noise_s", "onset - settings.noise_s"),
    Change("responses.py", "complex(pole).real > 0", "complex(pole).real < -1e9"),
    Change("responses.py", "np.sign(overall.value) != np.prod(np.sign(gains))", "False"),
    # Off by one, and the ends of windows.
    Change("windows.py", "math.ceil((time - first_ns)", "math.floor((time - first_ns)"),
    Change("windows.py", "return first, stop - first", "return first, stop - first + 1"),
    Change("archive/miniseed.py", "math.floor(last) + 1", "math.floor(last)"),
    Change("archive/records.py", "(last >= start_ns - _SLACK_NS)", "(last >= start_ns + 10**9)"),
    Change("archive/records.py", 'headers["day"] - 1', 'headers["day"]'),
    Change("archive/records.py", 'first & _LOW, "right")) - 1)', 'first & _LOW, "right")))'),
    Change(
        "archive/ranges.py",
        "bisect_right(records, stamp_of(start), key=begins) - 1",
        "bisect_right(records, stamp_of(start), key=begins)",
    ),
    Change(
        "archive/ranges.py",
        "(reached := _span(data[-self.length :])[1]) < end",
        "(reached := _span(data[-self.length :])[1]) < end - 10**9",
    ),
    Change("picking/samples.py", "int(np.argmin(criterion)) + 1", "int(np.argmin(criterion))"),
    Change(
        "picking/samples.py",
        "filtered[max(0, onset - 10 * length) : onset]",
        "filtered[onset : onset + 10 * length]",
    ),
    Change(
        "picking/samples.py",
        "round(settings.long_s * sampling_rate),",
        "round(settings.short_s * sampling_rate),",
    ),
    Change("blocks.py", "found[blocks.room : blocks.room + len(kept)]", "found[: len(kept)]"),
    Change(
        "blocks.py",
        "2 * next_fast_len(-(-least // 2), real=True)",
        "next_fast_len(least, real=True)",
    ),
    Change("inventory.py", "channel.end_date >= request.end", "channel.end_date > request.start"),
    Change("inventory.py", "if len(covering) > 1:", "if len(covering) > 2:"),
    # What is refused.
    Change("waveforms.py", "first - seconds} to", "first} to"),
    Change("waveforms.py", "if seconds > 0:", "if seconds > 5:"),
    Change("waveforms.py", "len(run) >= _FLAT_SAMPLES and", "len(run) >= 4 * _FLAT_SAMPLES and"),
    Change("waveforms.py", "if not np.allclose(rates, rates[0], rtol=1e-6):", "if False:"),
    Change("waveforms.py", "if trace.id == request.seed_id", "if trace"),
    Change("waveforms.py", "if len(data) > 1 and data.min() == data.max():", "if False:"),
    Change("archive/miniseed.py", "if _COMPLAINT in complaint:", "if False:"),
    Change("responses.py", "not _equal(stated, sampling_rate, _MOST_DRIFT)", "False"),
    Change("responses.py", "not _equal(made, abs(overall.value), _MOST_MISMATCH)", "False"),
    Change("stages.py", 'tuple("NERT")', 'tuple("XYQ")'),
    Change("archive/layouts.py", "if self.write(parsed) != key:", "if False:"),
    Change("archive/download.py", "or _DEVICE.fullmatch(part)", ""),
    Change("archive/download.py", "or _FORBIDDEN.search(part)", ""),
    # Retries, and what is done when something fails.
    Change("archive/s3.py", "_ATTEMPTS = 3", "_ATTEMPTS = 1"),
    Change("archive/s3.py", 'if len(data) != answer["ContentLength"]:', "if False:"),
    Change("archive/s3.py", 'if code == "NoSuchBucket":', "if False:"),
    Change("archive/fdsn.py", "if _ends_with_a_record(data):", "if True:"),
    Change("archive/download.py", 'if size != answer["ContentLength"]:', "if False:"),
    Change("archive/download.py", "etag != digest.hexdigest()", "False"),
    Change("runs/store.py", "draft.replace(target)", "target.write_bytes(data)"),
    Change(
        "runs/partitions.py",
        'PASSING = frozenset({"unreachable", "stopped"})',
        'PASSING = frozenset({"stopped"})',
    ),
    Change(
        "runs/partitions.py",
        "if (row.seed_id, row.start, row.end) != (request.seed_id",
        "if (row.seed_id, row.start, row.end) == (request.seed_id",
    ),
    Change("runs/doing.py", "if row.status not in PASSING}", "}"),
    Change(
        "runs/manifest.py",
        'hashlib.sha256(packed).hexdigest() != content["requests_sha256"]',
        "False",
    ),
    Change("runs/run.py", "if self.manifest.source != fingerprint():", "if False:"),
    Change(
        "runs/report.py",
        "self.rows_out == self.stations_in and not self.passing",
        "self.rows_out == self.stations_in",
    ),
    Change("batches.py", "rows[place] = row or attempt(", "rows[place] = row and attempt("),
    Change("ways.py", "lost.append(batch)\n    finally", "pass\n    finally"),
    Change(
        "ways.py",
        "yield from ((place, died(item)) for place, item in batch)\n\n\ndef _in_pool",
        "pass\n\n\ndef _in_pool",
    ),
    Change("clusters/agreement.py", "return found or _different_sources(client)", "return found"),
    Change("results.py", "if self.status not in STATUSES:", "if False:"),
]
