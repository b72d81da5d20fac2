import type { State } from '../store/state.ts';

/** Figures in a text (what has fallen silent, how long it will still take) may be so old. */
const KEPT_MS = 1_000;

/** Says something of a state once for all who ask while it stands: it may be megabytes. */
export function rememberText(say: (state: State) => string, now: () => number): (state: State) => string {
  let last: { readonly state: State; readonly at: number; readonly text: string } | null = null;
  return (state) => {
    // The clock may have been set back.
    if (last?.state !== state || Math.abs(now() - last.at) > KEPT_MS)
      last = { state, at: now(), text: say(state) };
    return last.text;
  };
}
