/**
 * Filters and references of analog signals, which give signals of the same kind.
 *
 * @module
 */

import {
  bandpass,
  type BandpassOptions,
  commonReference,
  type CommonReferenceOptions,
  type CutoffOptions,
  highpass,
  lowpass,
  notch,
  type NotchOptions,
  resample,
  type ResampleOptions,
  type TransformedArray,
} from "../../signal/mod.ts";
import { SignalFacts } from "./signal_facts.ts";

/** Values of a filtered signal. */
export type FilteredValues = TransformedArray<Float32Array | Float64Array>;

/**
 * A signal that can be filtered. `Own` is what it gives: of a signal in memory a promise.
 */
export abstract class FilteredSignal<Own> extends SignalFacts {
  /** Lets a band of frequencies pass: `bandpass` of the signals' room, at this signal's rate. */
  bandpass(options: Omit<BandpassOptions, "samplingRate">): Own {
    return this.filtered(bandpass(this.values(), { ...options, ...this.#rate() }));
  }

  /** Lets what is above a frequency pass: `highpass` of the signals' room, at this signal's rate. */
  highpass(options: Omit<CutoffOptions, "samplingRate">): Own {
    return this.filtered(highpass(this.values(), { ...options, ...this.#rate() }));
  }

  /** Lets what is below a frequency pass: `lowpass` of the signals' room, at this signal's rate. */
  lowpass(options: Omit<CutoffOptions, "samplingRate">): Own {
    return this.filtered(lowpass(this.values(), { ...options, ...this.#rate() }));
  }

  /** Takes out one frequency: `notch` of the signals' room, at this signal's rate. */
  notch(options: Omit<NotchOptions, "samplingRate">): Own {
    return this.filtered(notch(this.values(), { ...options, ...this.#rate() }));
  }

  /** Takes off what channels have in common: `commonReference` of the signals' room. */
  commonReference(options: CommonReferenceOptions = {}): Own {
    return this.filtered(commonReference(this.values(), options));
  }

  /** At another rate: `resample` of the signals' room. The first sample stays where it is; `timestamps` are gone. */
  resample(options: Omit<ResampleOptions, "samplingRate">): Own {
    return this.filtered(resample(this.values(), { ...options, ...this.#rate() }));
  }

  /** The signal's physical values. */
  protected abstract values(): Parameters<typeof bandpass>[0];

  /** A signal like this one of other values. */
  protected abstract filtered(values: FilteredValues): Own;

  #rate(): { readonly samplingRate: number } {
    return { samplingRate: this.samplingRate };
  }
}
