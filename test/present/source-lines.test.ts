import { describe, expect, it } from 'vitest';
import type { Peer } from '../../src/model/event.ts';
import { sourceId } from '../../src/model/id.ts';
import { type Problem, problem } from '../../src/model/problem.ts';
import { type PlainText, words } from '../../src/model/text.ts';
import { lineText } from '../../src/present/line.ts';
import type { RenderContext } from '../../src/present/render-context.ts';
import { chipLines, problemLines } from '../../src/present/source-lines.ts';
import { unheard } from '../../src/store/record-draft.ts';
import type { SourceRecord } from '../../src/store/state.ts';

const context: RenderContext = {
  nowMs: 0,
  width: 60,
  ascii: false,
  stallAfterMs: 30_000,
  estimate: () => null,
};

function source(id: string, given: Partial<SourceRecord> = {}): SourceRecord {
  return { ...unheard(sourceId(id)), kind: 'nostr', location: id, status: 'live', ...given };
}

const peer = (where: PlainText, delayMs: number | null, given: Problem | null = null): Peer => ({
  where: words`${where}`,
  status: given ? 'down' : 'live',
  delayMs,
  problem: given,
});
const refused = problem('refused', 'down', 'wss://b refused: pay first', 'choose another relay');

describe('chipLines', () => {
  const chips = (sources: SourceRecord[], room = 3) => chipLines(sources, context, room).map(lineText);

  it('shows state, relays and delay', () => {
    const nostr = source('nostr', {
      peers: [peer(words`wss://a`, 42.4), peer(words`wss://b`, 180, refused)],
    });
    expect(chips([nostr, source('state.json'), source('jobs.db', { status: 'connecting' })])).toEqual([
      '! nostr 1/2 relays 42ms  ● state.json  ◌ jobs.db connecting',
    ]);
    expect(chips([source('one', { peers: [peer(words`wss://a`, 0.4)] })])).toEqual(['● one <1ms']);
  });

  it('says that a pipe was closed', () => {
    const closed = { hasEnded: true };
    expect(chips([source('stdin', closed), source('x', { ...closed, status: 'down' })])).toEqual([
      '● stdin ended  ✗ x down',
    ]);
  });

  it('goes on in further lines, and counts what finds no place', () => {
    const many = Array.from({ length: 9 }, (_, index) => source(`source-number-${index}`));
    expect(chips(many)).toEqual([
      '● source-number-0  ● source-number-1  ● source-number-2',
      '● source-number-3  ● source-number-4  ● source-number-5',
      '● source-number-6  ● source-number-7  ● source-number-8',
    ]);
    expect(chips(many, 1)).toEqual(['● source-number-0  ● source-number-1  7 more']);
  });
});

describe('problemLines', () => {
  const lines = (sources: SourceRecord[], room: number) => problemLines(sources, context, room).map(lineText);
  const broken = (id: PlainText) =>
    source(id, { problem: problem('malformed', 'degraded', words`${id} is cut off`) });

  it('says what is wrong with sources and relays, once each, and what to do', () => {
    const peers = [peer(words`wss://b`, null, refused), peer(words`wss://b2`, null, refused)];
    expect(lines([source('nostr', { problem: refused, peers }), broken(words`x.json`)], 4)).toEqual([
      '! nostr: wss://b refused: pay first · choose another relay',
      '! x.json is cut off',
    ]);
  });

  it('leaves out what a source has said already of the one relay that is down', () => {
    const down = problem('unreachable', 'down', 'wss://c: nobody listens', 'why?');
    const one = problem(
      'unreachable',
      'degraded',
      words`1 of 2 relays is down: ${down.message}`,
      'is it running?',
    );
    const peers = [peer(words`wss://c`, null, down), peer(words`wss://d`, null, refused)];
    expect(lines([source('nostr', { problem: one, peers })], 4)).toEqual([
      '! nostr: 1 of 2 relays is down: wss://c: nobody listens · i…',
      '! wss://d: wss://b refused: pay first · choose another relay',
    ]);
  });

  it('names the place where the message does not', () => {
    const silent = problem('unreachable', 'down', 'nobody answers');
    expect(lines([source('nostr', { peers: [peer(words`wss://c`, null, silent)] })], 4)).toEqual([
      '! wss://c: nobody answers',
    ]);
  });

  it('counts those there is no room for', () => {
    const all = [words`a`, words`b`, words`c`, words`d`].map(broken);
    expect(lines(all, 3)).toEqual(['! a is cut off', '! b is cut off', '  2 more problems']);
    expect(lines(all, 1)).toEqual(['! a is cut off']);
    expect(lines(all, 0)).toEqual([]);
  });
});
