import { type Found, type FoundStep, type LineReader, NOTHING, type Tool } from '../found.ts';
import { nameOf } from '../text/read-text.ts';

const STEP = /^#(?<id>\d+) \[(?:(?<stage>[^\]]*?)\s+)?(?<n>\d+)\/(?<m>\d+)\]\s*(?<name>.*)$/u;
const STATE = /^#(?<id>\d+) (?<word>DONE|CACHED|ERROR|CANCELED)\b/u;
const LOG = /^#\d+ /u;

/** The steps of stages that are built side by side. */
export interface Stages {
  /** Sets step `n` of `m` of a stage; from then on, all `m` count in the whole. */
  set(stage: string, n: number, m: number, step: Partial<FoundStep>): void;
  found(): Found;
}

export function createStages(): Stages {
  const stages = new Map<string, FoundStep[]>();
  return {
    set(stage, n, m, step) {
      const steps = stages.get(stage) ?? [];
      const place = stage === '' ? '' : `${stage} `;
      const known = Array.from(
        { length: Math.max(m, steps.length) },
        (_, at): FoundStep =>
          steps[at] ?? { name: `${place}${at + 1}/${m}`, status: 'pending', percent: null },
      );
      const before = known[n - 1];
      if (!before) return;
      // A stage is a chain: the steps before one have been done, or were cached.
      const behind = known
        .slice(0, n - 1)
        .map((each): FoundStep => ({ ...each, status: each.status === 'failed' ? 'failed' : 'completed' }));
      stages.set(stage, [...behind, { ...before, ...step }, ...known.slice(n)]);
    },
    found: () => ({ kind: 'steps', steps: [...stages.values()].flat() }),
  };
}

/** Returns the name of a step, with its stage's name before it if there is one. */
export function titleOf(stage: string, name: string): string {
  return [stage, nameOf(name)].filter((part) => part !== '').join(': ');
}

/** docker's BuildKit with plain output: `#12 [build 3/9] RUN make`, several stages at once, each with steps of its own. */
export const buildkit: Tool = {
  begins: /#\d+ /u,
  createReader: createBuildkitReader,
};

function createBuildkitReader(): LineReader {
  const stages = createStages();
  const places = new Map<string, { stage: string; n: number; m: number }>();

  return ({ text }) => {
    if (!LOG.test(text)) return null;
    const { id = '', stage = '', n, m, name = '' } = STEP.exec(text)?.groups ?? {};
    if (n !== undefined) {
      const place = { stage, n: Number(n), m: Number(m) };
      if (place.n < 1 || place.n > place.m) return NOTHING;
      const isKnown = places.has(id);
      places.set(id, place);
      stages.set(stage, place.n, place.m, isKnown ? {} : { name: titleOf(stage, name), status: 'running' });
      return stages.found();
    }
    const state = STATE.exec(text)?.groups;
    const place = places.get(state?.id ?? '');
    if (!state || !place) return NOTHING;
    const isOver = state.word === 'DONE' || state.word === 'CACHED';
    stages.set(place.stage, place.n, place.m, { status: isOver ? 'completed' : 'failed' });
    return stages.found();
  };
}
