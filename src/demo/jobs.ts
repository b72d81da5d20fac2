import type { EventTemplate } from 'nostr-tools/core';

/** The kinds of jobs that the demo's providers can do. */
export const JOB_KINDS = { hash: 5970, pack: 5971, sort: 5972, check: 5973, index: 5974 } as const;

/** A job in a round; `after` names the job whose result it needs. */
export interface JobPlan {
  readonly name: string;
  readonly kind: number;
  readonly steps: number;
  readonly after?: string;
  /** The index of a damaged block, which makes the first attempt fail. */
  readonly damaged?: number;
}

const HASH = 'Hash 18 MiB of random bytes';
export const JOB_TO_CANCEL = 'Sort 5 million numbers';
export const JOB_TO_RETRY = 'Check the archive block by block';

/** The jobs that are requested at the start. */
export const FIRST_ROUND: readonly JobPlan[] = [
  { name: HASH, kind: JOB_KINDS.hash, steps: 72 },
  { name: JOB_TO_CANCEL, kind: JOB_KINDS.sort, steps: 300 },
  { name: 'Index the library', kind: JOB_KINDS.index, steps: 180 },
  { name: JOB_TO_RETRY, kind: JOB_KINDS.check, steps: 56, damaged: 33 },
  { name: 'Pack what was hashed', kind: JOB_KINDS.pack, steps: 64, after: HASH },
];

/** Returns the jobs of a later round: about 20 s of work, so that there is always something to watch. */
export function laterRound(round: number): readonly JobPlan[] {
  const megabytes = 10 + (round % 5) * 2;
  const hash = `Hash ${megabytes} MiB, round ${round}`;
  return [
    { name: hash, kind: JOB_KINDS.hash, steps: megabytes * 4 },
    { name: `Sort a million numbers, round ${round}`, kind: JOB_KINDS.sort, steps: 64 },
    { name: `Pack what was hashed, round ${round}`, kind: JOB_KINDS.pack, steps: 90, after: hash },
    round % 3 === 0
      ? { name: `Check the archive, round ${round}`, kind: JOB_KINDS.check, steps: 60, damaged: 21 }
      : { name: `Index the shelf, round ${round}`, kind: JOB_KINDS.index, steps: 150 },
  ];
}

/** Makes an unsigned NIP-90 request from a plan. `needs` is the id of the request that `after` names. */
export function requestTemplate(plan: JobPlan, needs: string | null, nowMs: number): EventTemplate {
  return {
    kind: plan.kind,
    created_at: Math.floor(nowMs / 1000),
    content: plan.name,
    tags: [
      ['param', 'steps', String(plan.steps)],
      ...(plan.damaged === undefined ? [] : [['param', 'damaged', String(plan.damaged)]]),
      ...(needs === null ? [] : [['i', needs, 'job']]),
    ],
  };
}
