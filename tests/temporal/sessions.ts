import { ArrayDict } from "../../src/temporal/columns/array_dict.ts";
import { Data } from "../../src/temporal/data.ts";
import { Interval } from "../../src/temporal/intervals/interval.ts";
import { IrregularTimeSeries } from "../../src/temporal/irregular.ts";
import { RegularTimeSeries } from "../../src/temporal/regular/regular.ts";

/** What the sessions of these tests hold. */
export interface Session {
  spikes: IrregularTimeSeries & { unit_index: Int32Array };
  lfp: RegularTimeSeries & { raw: Float32Array };
  units: ArrayDict & { id: string[] };
  session: Data & { id: string };
  train_domain: Interval;
}

/** A session whose numbers tell which it is: spikes ten times a second, a signal of 100 Hz. */
export function makeSession(number: number, seconds: number): Data {
  const spikes = new IrregularTimeSeries(
    {
      timestamps: Float64Array.from({ length: 10 * seconds }, (_, i) => i / 10),
      unit_index: Int32Array.from({ length: 10 * seconds }, (_, i) => i % 2),
    },
    { domain: new Interval(0, seconds) },
  );
  const raw = Float32Array.from({ length: 100 * seconds }, (_, i) => 1e6 * number + i);
  return new Data({
    spikes,
    lfp: new RegularTimeSeries({ raw }, { samplingRate: 100 }),
    units: new ArrayDict({ id: ["left", "right"] }),
    session: new Data({ id: `session_${number}` }),
    tags: ["a", "b"],
    train_domain: new Interval(0, seconds / 2),
  }, { domain: "auto" });
}
