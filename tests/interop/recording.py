"""What peers read of recordings: a JSON object per line of the file that is named, one per line out."""

import hashlib
import json
import sys
import warnings

import numpy as np

warnings.simplefilter("ignore")


def digest(values):
    return hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()


def plain(values):
    return [None if v is None else v.item() if hasattr(v, "item") else v for v in values]


def of_neo(reader, source, by, options):
    import neo.rawio

    opened = getattr(neo.rawio, reader)(**{by: source}, **options)
    opened.parse_header()
    header = opened.header
    streams = [
        {
            "name": str(stream["name"]),
            "id": str(stream["id"]),
            "channels": [
                dict(zip(("name", "id", "samplingRate", "dtype", "units", "gain", "offset"), plain(list(channel)[:7])))
                for channel in header["signal_channels"][header["signal_channels"]["stream_id"] == stream["id"]]
            ],
        }
        for stream in header["signal_streams"]
    ]
    return {
        "text": repr(opened),
        "header": str(header),
        "streams": streams,
        "eventChannels": [str(name) for name in header["event_channels"]["name"]],
        "spikeChannels": [str(name) for name in header["spike_channels"]["name"]],
        "blocks": [
            [segment_of(opened, block, segment, len(streams)) for segment in range(opened.segment_count(block))]
            for block in range(opened.block_count())
        ],
    }


def segment_of(opened, block, segment, streams):
    def signal(stream):
        size = opened.get_signal_size(block, segment, stream)
        raw = opened.get_analogsignal_chunk(block, segment, stream_index=stream)
        few = opened.get_analogsignal_chunk(block, segment, 0, min(size, 20), stream_index=stream)
        scaled = opened.rescale_signal_raw_to_float(few, "float32", stream_index=stream)
        return {
            "size": int(size),
            "tStart": float(opened.get_signal_t_start(block, segment, stream)),
            "dtype": raw.dtype.str[1:],
            "sha256": digest(raw),
            "scaled": scaled.astype("f8").ravel().tolist(),
        }

    def events(channel):
        times, durations, labels = opened.get_event_timestamps(block, segment, channel)
        return {
            "times": opened.rescale_event_timestamp(times, "float64", channel).tolist(),
            "durations": None if durations is None
            else opened.rescale_epoch_duration(durations, "float64", channel).tolist(),
            "labels": [str(label) for label in labels],
        }

    def spikes(channel):
        times = opened.get_spike_timestamps(block, segment, channel)
        return opened.rescale_spike_timestamp(times, "float64").tolist()

    return {
        "tStart": float(opened.segment_t_start(block, segment)),
        "tStop": float(opened.segment_t_stop(block, segment)),
        "signals": [signal(stream) for stream in range(streams)],
        "events": [events(channel) for channel in range(opened.event_channels_count())],
        "spikes": [spikes(channel) for channel in range(opened.spike_channels_count())],
    }


def of_pyedflib(source):
    import pyedflib

    with pyedflib.EdfReader(source) as file:
        onsets, durations, texts = file.readAnnotations()
        return {
            "channels": [
                {
                    "name": file.getLabel(i),
                    "units": file.getPhysicalDimension(i),
                    "samplingRate": float(file.getSampleFrequency(i)),
                    "sha256": digest(file.readSignal(i, digital=True).astype("<i4")),
                    "count": int(file.getNSamples()[i]),
                    "scaled": file.readSignal(i, 0, min(20, int(file.getNSamples()[i]))).tolist(),
                }
                for i in range(file.signals_in_file)
            ],
            "onsets": onsets.tolist(),
            "durations": durations.tolist(),
            "texts": [str(text) for text in texts],
        }


def of_mne(source):
    import mne

    mne.set_log_level("ERROR")
    read = mne.io.read_raw_brainvision if source.endswith("hdr") else (
        mne.io.read_raw_bdf if source.lower().endswith(".bdf") else mne.io.read_raw_edf
    )
    raw = read(source, preload=True)
    return {
        "names": raw.ch_names,
        "samplingRate": float(raw.info["sfreq"]),
        "count": int(raw.n_times),
        # In volts, where it knows the unit.
        "first": raw.get_data(stop=20).tolist(),
        "units": [str(raw._orig_units.get(name)) for name in raw.ch_names],
        "onsets": (raw.annotations.onset - raw.first_time).tolist(),
        "texts": [str(text) for text in raw.annotations.description],
    }


def of_spikeinterface(reader, source, stream):
    import spikeinterface.extractors as extractors

    recording = getattr(extractors, reader)(source, **({} if stream is None else {"stream_id": stream}))
    return {
        "gains": plain(recording.get_channel_gains()),
        "offsets": plain(recording.get_channel_offsets()),
        "samplingRate": float(recording.get_sampling_frequency()),
        "ids": [str(channel) for channel in recording.channel_ids],
        "segments": [
            {
                "count": int(recording.get_num_samples(i)),
                "sha256": digest(recording.get_traces(segment_index=i)),
                "dtype": recording.get_dtype().str[1:],
            }
            for i in range(recording.get_num_segments())
        ],
    }


def of_print(tables):
    """A header as Python prints it, of neo's own dtypes."""
    from neo.rawio import baserawio as base

    dtypes = {
        "signal_buffers": base._signal_buffer_dtype,
        "signal_streams": base._signal_stream_dtype,
        "signal_channels": base._signal_channel_dtype,
        "spike_channels": base._spike_channel_dtype,
        "event_channels": base._event_channel_dtype,
    }
    header = {"nb_block": 1, "nb_segment": [1]}
    header.update((name, np.array([tuple(row) for row in tables[name]], dtype=dtype)) for name, dtype in dtypes.items())
    return {"header": str(header)}


CALLS = {"print": of_print, "neo": of_neo, "pyedflib": of_pyedflib, "mne": of_mne, "spikeinterface": of_spikeinterface}

for line in open(sys.argv[1], encoding="utf8"):
    request = json.loads(line)
    try:
        answer = CALLS[request.pop("call")](**request)
    except Exception as error:  # the caller decides what an error means
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
