import type { State } from '../store/state.ts';

/** How outdated the times in a text may be, such as what has fallen silent, or how long it will still take. */
const KEPT_MS = 1_000;

/** Remembers a state's text for everybody who asks while it is current: it may have megabytes. */
export function rememberText(say: (state: State) => string, now: () => number): (state: State) => string {
  let last: { readonly state: State; readonly at: number; readonly text: string } | null = null;
  return (state) => {
    // The clock may have been set back.
    if (last?.state !== state || Math.abs(now() - last.at) > KEPT_MS)
      last = { state, at: now(), text: say(state) };
    return last.text;
  };
}
