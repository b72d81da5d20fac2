import { stat } from 'node:fs/promises';
import { createGrowingLines, type GrowingLines } from '../../io/growing-lines.ts';
import { canReadZstd, readZstdLines } from '../../io/zstd-lines.ts';
import { createWanted, decodeHead, isWholeHead, type SessionHead } from './format.ts';
import type { RolloutFile } from './place.ts';
import { afterLines, newStanding } from './standing.ts';
import type { ToldSession } from './task.ts';

/** A session, read from its rollout as far as that is written. */
export interface FollowedSession {
  /** Reads what is new; returns whether anything is. Rejects if the file cannot be read. */
  read(): Promise<boolean>;
  /** null while its file is empty. */
  readonly told: ToldSession | null;
  readonly modifiedAt: number;
}

/** Follows one rollout. */
export function followSession({ path, isPacked }: RolloutFile): FollowedSession {
  const lines = isPacked
    ? createPackedLines(path)
    : createGrowingLines(path, { isWanted: createWanted(), isHead: isWholeHead, isEnd: isEnough });
  let told: FollowedSession['told'] = null;
  let modifiedAt = 0;

  return {
    async read() {
      const news = await lines.read();
      if (news.kind === 'same') return false;
      ({ modifiedAt } = news);
      if (news.kind === 'anew') {
        const standing = afterLines(newStanding(news.isWhole), news.lines);
        const isEmpty = news.isWhole && news.lines.length === 0;
        told = isEmpty ? null : { head: decodeHead(news.head), standing };
      } else if (told) {
        told = { ...told, standing: afterLines(told.standing, news.lines) };
        // The file of a session that has just begun gets its prompt a little later.
        if (told.head.asked === null) told = { ...told, head: withAsked(told.head, news.lines) };
      } else if (news.lines.length > 0) {
        told = { head: decodeHead(news.lines), standing: afterLines(newStanding(true), news.lines) };
      }
      return true;
    },
    get told() {
      return told;
    },
    get modifiedAt() {
      return modifiedAt;
    },
  };
}

function withAsked(head: SessionHead, lines: readonly string[]): SessionHead {
  const { asked } = decodeHead(lines);
  return asked === null ? head : { ...head, asked };
}

/** A plan that is further back than this is not looked for. */
const PLAN_WITHIN_BYTES = 2 * 1024 * 1024;

/** Tells whether the end of a file is enough: it has the state of the last turn, and a plan. */
function isEnough(lines: readonly string[], bytes: number): boolean {
  const { turn, plan } = afterLines(newStanding(false), lines);
  return turn !== null && (plan !== null || bytes >= PLAN_WITHIN_BYTES);
}

/** Creates the lines of a compressed rollout, to which nobody appends. */
function createPackedLines(path: string): GrowingLines {
  let seen = '';
  return {
    async read() {
      const { mtimeMs, size, ino } = await stat(path);
      if (!canReadZstd()) throw new PackedError();
      const mark = `${ino} ${size} ${mtimeMs}`;
      if (mark === seen) return { kind: 'same' };
      const lines = await readZstdLines(path, createWanted());
      seen = mark;
      const head = lines.slice(0, 100);
      return { kind: 'anew', head, lines, isWhole: true, modifiedAt: Math.round(mtimeMs) };
    },
  };
}

/** A rollout is compressed, and this Node cannot decompress it. */
export class PackedError extends Error {
  override name = 'PackedError';
}
