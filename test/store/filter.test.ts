import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TASK_STATUSES, type TaskStatus } from '../../src/model/task.ts';
import { plainName } from '../../src/model/text.ts';
import { parseFilter } from '../../src/store/filter.ts';
import { makeEntry, makeTask } from '../helpers/task.ts';

const entryOf = (name: string, status: TaskStatus, host: string, review = false) =>
  makeEntry(
    makeTask(`id of ${name}`, {
      name: plainName(name),
      host: plainName(host),
      state: { status, reason: null, endedAt: null, error: null, result: null } as never,
      review,
    }),
  );

const ENTRIES = [
  entryOf('Deploy the site', 'failed', 'web1'),
  entryOf('build (x86) a|b', 'running', 'web2'),
  entryOf('say "hello" OR bye', 'needs-input', 'web1'),
  entryOf('C:\\temp -draft', 'completed', 'web2', true),
  entryOf('deploy status:failed', 'cancelled', ''),
];

describe('a filter', () => {
  const passing = (expression: string) =>
    ENTRIES.filter(parseFilter(expression)).map((entry) => ENTRIES.indexOf(entry));

  it.each([
    ['deploy | build', [0, 1, 4]],
    ['deploy OR build', [0, 1, 4]],
    ['build|say', [1, 2]],
    ['host:web1 deploy | build', [0]],
    ['(host:web1 deploy) | build', [0, 1]],
    ['status:(failed | running)', [0, 1]],
    ['-status:(failed | running)', [2, 3, 4]],
    ['-(deploy | build)', [2, 3]],
    ['-(deploy -status:failed)', [0, 1, 2, 3]],
    ['"the site"', [0]],
    ['name:"the site" | name:"a|b"', [0, 1]],
    ['"say \\"hello\\" or"', [2]],
    ['"C:\\temp"', [3]],
    ['"-draft"', [3]],
    ['"status:failed"', [4]],
    ['(x86)', [1]],
    ['build (x86) a', [1]],
    ['DEPLOY StAtUs:FAILED', [0]],
    ['is:needs-you', [0, 2, 3]],
    ['is:review', [3]],
    ['is:open | is:review', [1, 2, 3]],
    ['unknown:field', []],
  ])('%s', (expression, expected) => {
    expect(passing(expression)).toEqual(expected);
  });

  it('does not count what somebody has looked at among what needs one', () => {
    const filter = parseFilter('is:needs-you', () => true);
    expect(ENTRIES.filter(filter).map(({ task }) => task.name)).toEqual(['say "hello" OR bye']);
  });

  it('is no more than what stands there while it is typed', () => {
    const unfinished = [
      'deploy |',
      '| deploy',
      'deploy OR',
      'deploy status:',
      'deploy -',
      'deploy -(',
      'deploy -host:',
    ];
    for (const typed of [...unfinished, 'deploy "', '(deploy', 'deploy (|)', 'deploy -()', 'deploy ""'])
      expect([typed, passing(typed)]).toEqual([typed, [0, 4]]);
  });

  it('is any text at all', () => {
    const pieces = fc.constantFrom(
      'a',
      'OR',
      '|',
      '(',
      ')',
      '-',
      '"',
      '\\',
      ':',
      ' ',
      'status:',
      'is:',
      'é',
      '\n',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((all) => all.join('')),
        ),
        (text) => {
          for (const entry of ENTRIES) expect(typeof parseFilter(text)(entry)).toBe('boolean');
        },
      ),
    );
    for (const sign of ['(', '-', ')', '|', '"', '-(', 'status:(', '(a |'])
      expect(typeof parseFilter(sign.repeat(100_000))(ENTRIES[0] as never)).toBe('boolean');
  });
});

/** What a filter says, as a person means it. */
type Meant =
  | { text: string; field: 'name' | 'status' | 'host' | null }
  | { not: Meant }
  | { all: Meant[] }
  | { any: Meant[] };

const { meant } = fc.letrec<{ meant: Meant }>((tie) => ({
  meant: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({
      text: fc.constantFrom(
        'deploy',
        'the site',
        'a|b',
        '"hello"',
        '(x86)',
        '-draft',
        'C:\\',
        'or',
        ...TASK_STATUSES,
      ),
      field: fc.constantFrom('name', 'status', 'host', null),
    }),
    fc.record({ not: tie('meant') }),
    fc.record({ all: fc.array(tie('meant'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('meant'), { minLength: 1, maxLength: 3 }) }),
  ),
}));

/** Writes it with every parenthesis and every quote. */
function written(said: Meant): string {
  if ('text' in said) {
    const quoted = `"${said.text.replace(/["\\]/gu, '\\$&')}"`;
    return said.field === null ? quoted : `${said.field}:${quoted}`;
  }
  if ('not' in said) return `-(${written(said.not)})`;
  if ('all' in said) return `(${said.all.map(written).join(' ')})`;
  return `(${said.any.map(written).join(' | ')})`;
}

/** The same without parentheses that the rules make needless, and without quotes around single words. */
function writtenTersely(said: Meant): string {
  if ('text' in said && /^[a-z]+$/u.test(said.text) && said.text !== 'or')
    return said.field === null ? said.text : `${said.field}:${said.text}`;
  if ('text' in said) return written(said);
  const inner = (part: Meant) =>
    'all' in part || 'any' in part ? `(${writtenTersely(part)})` : writtenTersely(part);
  if ('not' in said) return `-${inner(said.not)}`;
  if ('any' in said) return said.any.map(inner).join('|');
  return said.all.map((part) => ('any' in part ? writtenTersely(part) : inner(part))).join('  ');
}

function holds(said: Meant, entry: (typeof ENTRIES)[number]): boolean {
  if ('not' in said) return !holds(said.not, entry);
  if ('all' in said) return said.all.every((part) => holds(part, entry));
  if ('any' in said) return said.any.some((part) => holds(part, entry));
  const { name, id, host, state } = entry.task;
  const places = { name: [name], status: [state.status], host: [host ?? ''], anywhere: [name, id] };
  return places[said.field ?? 'anywhere'].some((place) =>
    place.toLowerCase().includes(said.text.toLowerCase()),
  );
}

it.each([
  ['in full', written],
  ['tersely', writtenTersely],
])('a filter that is written %s passes what it means', (_, write) => {
  fc.assert(
    fc.property(meant, (said) => {
      const filter = parseFilter(write(said));
      for (const entry of ENTRIES)
        expect([write(said), filter(entry)]).toEqual([write(said), holds(said, entry)]);
    }),
    { numRuns: 500 },
  );
});
