import { announceBar, showsBar } from '../../io/terminal-features.ts';
import type { Child } from '../child.ts';
import { createStatusFilter, type StatusFilter } from './status/status-filter.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** How programs in a terminal of ours come to speak of their progress, and what our own terminal gets of it. */
export interface ProgramSpeech {
  /** The environment of the command, with what tells programs that they may speak. */
  readonly env: Env;
  readonly filter: StatusFilter;
  /** Replies to a program that asks whether its status is understood; undefined where our terminal does. */
  readonly answer: ((reply: string) => void) | undefined;
  /** To be called with the command once it is started. */
  setChild(child: Child): void;
}

/**
 * Creates what hears programs speak of their progress. `env` is our own: it tells which terminal this is. `showsStatus`:
 * that answers for OSC 7501 itself.
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
