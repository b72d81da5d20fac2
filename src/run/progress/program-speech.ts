import { announceBar, showsBar } from '../../io/terminal-features.ts';
import type { Child } from '../child.ts';
import { createStatusFilter, type StatusFilter } from './status/status-filter.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Lets programs in a terminal of ours report their progress, and decides how much of that our own terminal gets. */
export interface ProgramSpeech {
  /** The environment of the command, with variables that tell programs that they may report. */
  readonly env: Env;
  readonly filter: StatusFilter;
  /** Replies to a program that asks whether its status is understood; undefined if our terminal does so itself. */
  readonly answer: ((reply: string) => void) | undefined;
  /** Call this with the command once it is started. */
  setChild(child: Child): void;
}

/**
 * Creates the reader of programs' reports. `env` is our own environment: it tells which terminal this is. `showsStatus` means
 * that this terminal answers for OSC 7501 itself.
 */
export function createProgramSpeech(env: Env, showsStatus: boolean): ProgramSpeech {
  const isAnnounced = !showsBar(env);
  let child: Child | null = null;
  let isAnswered = false;
  let waiting: string[] = [];

  function answer(reply: string): void {
    isAnswered = true;
    if (child) child.type?.(Buffer.from(reply));
    else waiting.push(reply);
  }

  return {
    env: isAnnounced ? { ...env, ...announceBar(env) } : env,
    filter: createStatusFilter({ bar: isAnnounced, status: () => isAnswered, query: !showsStatus }),
    answer: showsStatus ? undefined : answer,
    setChild(started) {
      child = started;
      for (const reply of waiting) child.type?.(Buffer.from(reply));
      waiting = [];
    },
  };
}
