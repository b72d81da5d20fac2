import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sourceId } from '../../src/model/id.ts';
import { type Problem, problem } from '../../src/model/problem.ts';
import { type PlainText, plainName, words } from '../../src/model/text.ts';
import { sourceProblem } from '../../src/present/source-problem.ts';
import { unheard } from '../../src/store/record-draft.ts';
import type { SourceRecord } from '../../src/store/state.ts';

function source(id: string, message: PlainText, given: Partial<SourceRecord> = {}): SourceRecord {
  const said = problem('malformed', 'degraded', message, 'write it anew');
  return { ...unheard(sourceId(id)), location: `/data/${id}`, problem: said, ...given };
}

const told = (record: SourceRecord) => sourceProblem(record)?.message;

describe('sourceProblem', () => {
  it('names the source where the message does not', () => {
    expect(sourceProblem(source('state.json', words`activeTasks[1] has no id`))).toEqual({
      kind: 'malformed',
      severity: 'degraded',
      message: 'state.json: activeTasks[1] has no id',
      hint: 'write it anew',
    } satisfies Record<keyof Problem, string>);
  });

  it('leaves a message alone that names the source, its place or one of its relays', () => {
    expect(told(source('state.json', words`there is no /data/state.json`))).toBe(
      'there is no /data/state.json',
    );
    expect(told(source('board', words`there is no /srv/x.json`, { location: '/srv/x.json' }))).toBe(
      'there is no /srv/x.json',
    );
    const peers = [{ where: words`wss://a`, status: 'down', delayMs: null, problem: null } as const];
    expect(told(source('nostr', words`wss://a refused: pay first`, { peers }))).toBe(
      'wss://a refused: pay first',
    );
  });

  it('always says where, in one line that is safe to print', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), (tail, message) => {
        const line = String(told(source(`x${tail}\u001b[31m\n`, plainName(message.replaceAll('x', '')))));
        expect(line.startsWith('x')).toBe(true);
        expect(line).not.toContain('\u001b');
        expect(line).not.toContain('\n');
      }),
    );
  });

  it('has nothing to say of a source that is well', () => {
    expect(sourceProblem(source('state.json', words``, { problem: null }))).toBeNull();
  });
});
