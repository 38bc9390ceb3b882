"""Sessions of every kind that torch_brain and temporaldata save."""

from datetime import datetime, timedelta, timezone

import numpy as np

TEXT = "À89!ÜÞ 電 🧠"


def spikes(m, count=200, length=10.0, seed=1, **options):
    random = np.random.default_rng(seed)
    return m.IrregularTimeSeries(
        timestamps=np.sort(random.uniform(0, length, count)),
        unit_index=random.integers(0, 5, count),
        domain=options.pop("domain", "auto"),
        **options,
    )


def of_readme(m):
    random = np.random.default_rng(2)
    return m.Data(
        spikes=m.IrregularTimeSeries(timestamps=np.array([1.2, 2.3, 3.1]), unit_id=np.array([1, 2, 1]), domain="auto"),
        behavior=m.RegularTimeSeries(
            sampling_rate=100.0,
            hand_vel=random.normal(size=(400, 2)),
            eye_pos=random.normal(size=(400, 2)),
            pupil_size=random.normal(size=400),
        ),
        domain="auto",
    )


def of_all_classes(m):
    return m.Data(
        session_id="session_0",
        n=7,
        flag=True,
        lst=[1, 2, 3],
        slist=["a", TEXT],
        spikes=m.IrregularTimeSeries(
            timestamps=np.array([0.1, 0.2, 2.3, 3.9]), unit_index=np.array([0, 1, 0, 2]),
            lab=np.array(["a", "bb", "", "c"]), waveforms=np.arange(24.0).reshape(4, 3, 2), domain="auto",
        ),
        lfp=m.RegularTimeSeries(sampling_rate=4.0, raw=np.arange(32, dtype="f4").reshape(16, 2)),
        trials=m.Interval(
            start=np.array([0.0, 1.0, 2.0]), end=np.array([1.0, 2.0, 3.0]), go=np.array([0.5, 1.5, 2.5]),
            angle=np.array([0, 45, 90]), hit=np.array([True, False, True]), timekeys=["go"],
        ),
        units=m.ArrayDict(id=np.array(["u1", "u22"]), region=np.array(["M1", "PMd"]), good=np.array([True, False])),
        images=np.arange(24, dtype="u1").reshape(2, 3, 4),
        sub=m.Data(id="jenkins", age=5.5),
        domain="auto",
    )


def of_scalars(m):
    return m.Data(
        text="plain", words=TEXT, empty="", lines="a\n\tb", long="x" * 60_000,
        zero=0, negative=-5, big=2**53 + 1, least=-(2**63), most=2**63 - 1, unsigned=np.uint64(2**64 - 1),
        small=np.int8(-3), short=np.uint16(65535), single=np.float32(0.1), half=np.float16(0.5),
        tenth=0.1, minus=-0.0, tiny=5e-324, huge=1.7e308, infinite=float("inf"), minus_infinite=-np.inf, nothing=np.nan,
        yes=True, no=False, numpy_yes=np.bool_(True), none=None, z=1 + 2j,
    )


def of_lists(m):
    return m.Data(
        ints=[1, 2, 3], floats=[1.5, 2], bools=[True, False], texts=["a", TEXT, ""], pair=(1, 2), names=("x", "yy"),
        table=[[1, 2], [3, 4]], cube=[[[1.5], [2.5]]], grid=[["a", "b"], ["ü", ""]], one=[5], none=[],
        numbers=[np.int16(3), np.int16(4)],
    )


def of_arrays(m):
    random = np.random.default_rng(3)
    return m.Data(
        i2=random.integers(-9, 9, (3, 4)).astype("<i2"), cube=random.normal(size=(2, 3, 4)).astype("<f4"),
        big=random.normal(size=5).astype(">f8"), u8=np.array([0, 2**64 - 1], "u8"), half=np.array([0.5, 65504], "f2"),
        flags=np.array([[True], [False]]), text=np.array([b"ab", b"", b"c"]), wide=np.array([b"ab"], "S7"),
        complex=np.array([1 + 2j, -0.5j], "c8"), empty=np.zeros((0, 3)), one=np.array([5]),
        special=np.array([np.nan, np.inf, -np.inf, -0.0, 5e-324]),
    )


def of_columns(m):
    rows, random = 4, np.random.default_rng(4)
    columns = {f"c_{name.replace('<', '').replace('>', 'big_').replace('?', 'bool')}":
               (random.normal(size=rows) * 20).astype(name)
               for name in "i1 u1 <i2 >i2 <u2 <i4 >u4 <i8 >u8 <f2 <f4 >f4 <f8 >f8 ? <c8 <c16".split()}
    return m.Data(
        table=m.ArrayDict(
            **columns, text=np.array(["a", "", "bcd", "~"]), blank=np.array(["", "", "", ""]),
            words=np.array([["ab", "c"]] * rows), raw=np.array([b"a", b"b\xff", b"", b"long"]),
            cube=np.arange(rows * 6).reshape(rows, 2, 3), flags=np.ones((rows, 2), bool), thin=np.zeros((rows, 0)),
        ),
        single=m.ArrayDict(x=np.array([1.5])),
        nothing=m.ArrayDict(),
        no_rows=m.ArrayDict(x=np.zeros((0, 3), "f4"), names=np.array([], "U3")),
        weird=m.ArrayDict(**{"a b": np.arange(2), "ключ": np.arange(2.0), "0": np.array(["x", "y"])}),
    )


def of_nesting(m):
    def level(depth):
        inner = {} if depth == 0 else {"inner": level(depth - 1)}
        return m.Data(name=f"level {depth}", spikes=spikes(m, 20, seed=depth), domain="auto", **inner)

    return m.Data(
        deep=level(3), info=m.Data(a=m.Data(b=m.Data(c=1, d=np.arange(3)), t=m.ArrayDict(x=np.arange(2)))),
        splits=m.Data(train=m.Interval(0.0, 4.0), test=m.Interval(np.array([4.0, 6.0]), np.array([5.0, 7.0])),
                      domain=m.Interval(0.0, 10.0)),
        domain=m.Interval(0.0, 10.0),
    )


def of_events(m):
    times = np.array([0.0, 0.5, 1.0, 1.0, 1.0, 2.0, 2.75, 4.0, 4.0])
    order = np.random.default_rng(5).permutation(50)
    return m.Data(
        whole_seconds=m.IrregularTimeSeries(timestamps=times, x=np.arange(9), domain="auto"),
        unsorted=m.IrregularTimeSeries(timestamps=order * 0.1, x=order, label=order.astype("U"), domain="auto"),
        integers=m.IrregularTimeSeries(timestamps=np.arange(-3, 9), x=np.arange(12.0), domain="auto"),
        single=m.IrregularTimeSeries(timestamps=np.arange(20, dtype="f4") / 3, x=np.arange(20), domain="auto"),
        keyed=m.IrregularTimeSeries(
            timestamps=times, late=times + 0.25, x=np.arange(9), early=np.stack([times, times - 1], 1),
            timekeys=["late", "early"], domain="auto",
        ),
        parts=spikes(m, domain=m.Interval(np.array([0.0, 4.5, 9.0]), np.array([3.0, 8.25, 11.0]))),
        disordered=spikes(m, domain=m.Interval(np.array([5.0, 0.0]), np.array([10.0, 5.0]))),
        outside=spikes(m, domain=m.Interval(2.5, 7.5)),
        wide=spikes(m, domain=m.Interval(-20.0, 40.5)),
        far=m.IrregularTimeSeries(timestamps=1e9 + np.arange(30) / 7, domain="auto"),
        negative=m.IrregularTimeSeries(timestamps=np.arange(30) / 7 - 3, x=np.arange(30), domain="auto"),
        point=m.IrregularTimeSeries(timestamps=np.array([3.25]), x=np.array([1]), domain="auto"),
        none=m.IrregularTimeSeries(timestamps=np.array([]), x=np.zeros((0, 2)), domain=m.Interval(0.0, 2.5)),
        domain=m.Interval(-20.0, 2e9),
    )


def of_signals(m):
    random = np.random.default_rng(6)
    at = np.array([0, 0.01, 0.03, 0.04, 0.07, 0.09])
    old = m.RegularTimeSeries(sampling_rate=50.0, raw=np.arange(200.0))
    old._domain = m.Interval(0.0, 199 / 50)
    return m.Data(
        whole_rate=m.RegularTimeSeries(sampling_rate=250, raw=random.normal(size=(1000, 3)).astype("f4")),
        odd_rate=m.RegularTimeSeries(sampling_rate=30.3, domain_start=-1.7, raw=np.arange(100, dtype="i2")),
        started=m.RegularTimeSeries(sampling_rate=10.0, domain_start=1, raw=np.arange(100), flag=np.arange(100) % 3 == 0),
        cube=m.RegularTimeSeries(sampling_rate=4.0, frames=np.arange(240, dtype="u1").reshape(40, 2, 3)),
        tags=m.RegularTimeSeries(sampling_rate=4.0, tag=np.array([b"a", b"bc"] * 20)),
        old_domain=old,
        gappy=m.RegularTimeSeries.from_gappy_timeseries(
            at, sampling_rate=100.0, raw=np.arange(1.0, 7), count=np.arange(6, dtype="i4"), code=np.arange(6, dtype="u2"),
            on=np.ones(6, bool), pair=np.arange(12, dtype="f4").reshape(6, 2),
        ),
        gap_value=m.RegularTimeSeries.from_gappy_timeseries(
            at + 1, sampling_rate=100.0, gap_value={"i": -9}, raw=np.arange(6)),
        none=m.RegularTimeSeries(sampling_rate=10.0, raw=np.zeros((0, 2))),
        domain="auto",
    )


def of_intervals(m):
    return m.Data(
        trials=m.Interval(
            start=np.arange(0.0, 9), end=np.arange(1.0, 10), go=np.arange(9) + 0.5, side=np.array(["left", "r", ""] * 3),
            code=np.array([b"x", b"yy", b""] * 3), block=np.arange(18).reshape(9, 2), timekeys=["go"],
        ),
        # Sorted in both, so that slicing works; a session's domain can't be made of it.
        overlapping=m.Interval(start=np.array([0.0, 1.0, 2.0]), end=np.array([3.0, 4.0, 5.0]), x=np.arange(3)),
        disordered=m.Interval(start=np.array([5.0, 0.0, 2.0]), end=np.array([6.0, 1.0, 5.0]), x=np.array([2, 0, 1])),
        integers=m.Interval(start=np.array([0, 2, 4]), end=np.array([1, 3, 5])),
        single=m.Interval(start=np.array([0, 2.5], "f4"), end=np.array([1.25, 3], "f4")),
        points=m.Interval(start=np.array([1.0, 3.0, 3.5]), end=np.array([1.0, 3.5, 3.5])),
        one=m.Interval(0.0, 5.0),
        ends_first=m.Interval(start=np.array([0.0]), end=np.array([1.0]), timekeys=["end", "start"]),
        none=m.Interval(start=np.array([]), end=np.array([]), name=np.array([], "U5")),
        domain=m.Interval(0.0, 10.0),
    )


def of_sliced(m):
    return of_all_classes(m).slice(0.15, 2.9)


def of_kept_origin(m):
    return of_all_classes(m).slice(0.15, 2.9, reset_origin=False)


def of_selected(m):
    return of_all_classes(m).select_by_interval(m.Interval(np.array([0.1, 2.0]), np.array([1.5, 3.0])))


def of_masked(m):
    data = of_all_classes(m)
    data.spikes = data.spikes.select_by_mask(np.array([True, False, True, True]))
    data.trials = data.trials.select_by_mask(np.array([False, True, True]))
    return data


def of_nothing(m):
    return m.Data()


def of_domain_alone(m):
    return m.Data(domain=m.Interval(np.array([0.0, 5.0]), np.array([1.0, 7.5])))


def of_many(m):
    return m.Data(
        **{f"number_{i}": i for i in range(60)}, **{f"array_{i}": np.arange(i) for i in range(60)},
        table=m.ArrayDict(**{f"column_{i}": np.arange(5) * i for i in range(60)}),
    )


def of_dates(m):
    return m.Data(
        when=datetime(2021, 1, 2, 3, 4, 5), exact=datetime(2021, 1, 2, 3, 4, 5, 678),
        zoned=datetime(2021, 1, 2, tzinfo=timezone(timedelta(hours=5, minutes=30))),
        days=[datetime(2021, 1, 2), datetime(2022, 1, 2)],
    )


def of_descriptions(m):
    data = of_readme(m)
    data.brainset = m.BrainsetDescription(
        id="mine", origin_version="0.1", derived_version="1.0", source="a lab", description=TEXT, extra=[1, 2])
    data.subject = m.SubjectDescription(id="jenkins", species="MACACA_MULATTA", age="31.5")
    data.session = m.SessionDescription(id="s1", recording_date=datetime(2020, 2, 3, 4, 5, 6), task="reach")
    data.device = m.DeviceDescription(id="d1", recording_tech=None)
    return data


SESSIONS = {
    name.removeprefix("of_"): make for name, make in list(globals().items()) if name.startswith("of_")
}
# temporaldata has no descriptions, and leaves dates to its callers.
TORCH_BRAIN_ONLY = {"dates", "descriptions"}
