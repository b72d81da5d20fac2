import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findViolations, type Tree } from './helpers/architecture.ts';

const SRC = join(import.meta.dirname, '..', 'src');

describe('the architecture', () => {
  it('holds in the source', () => {
    const tree = readSource();
    expect(tree.size).toBeGreaterThan(50);
    expect(findViolations(tree)).toEqual([]);
  });
});

describe('its rules, broken one by one', () => {
  it('allow what goes with the flow', () => {
    const tree = {
      'model/task.ts': "import { z } from 'zod';\nexport const task = z.string();\n",
      'store/state.ts': "import type { Task } from '../model/task.ts';\nimport '../clock.ts';\n",
      'clock.ts': 'export const now = () => Date.now();\n',
      'cli/main.ts': "await import('../ui/screen.ts');\nprocess.exit(0);\n",
      'ui/screen.ts': "import '../present/row.ts';\n",
      'react/words.tsx':
        "import { Text } from 'ink';\nimport '../present/row.ts';\nexport const App = () => <Text>{new Date(0)}</Text>;\n",
      'index.ts': "export { task } from './model/task.ts';\n",
    };
    expect(violations(tree)).toEqual([]);
  });

  it.each([
    ["import '../ui/screen.ts';", 'imports ui/screen.ts, against the flow'],
    ["import type { Row } from '../present/row.ts';", 'imports present/row.ts, against the flow'],
    ["export type { Row } from '../present/row.ts';", 'imports present/row.ts, against the flow'],
    ["const row = await import('../present/row.ts');", 'imports present/row.ts, against the flow'],
    ["import '../index.ts';", 'imports index.ts, against the flow'],
    ["import { Box } from 'ink';", 'imports ink: that belongs to react'],
    ["import { useState } from 'react';", 'imports react: that belongs to react'],
    ["import 'react/jsx-runtime';", 'imports react/jsx-runtime: that belongs to react'],
    [
      "const sqlite = await import('node:sqlite');",
      'imports node:sqlite: that belongs to storage and ledger/sql',
    ],
    [
      "import { SimplePool } from 'nostr-tools/pool';",
      'imports nostr-tools/pool: that belongs to nostr/relays.ts',
    ],
    [
      "import { setTimeout as wait } from 'node:timers/promises';",
      'imports node:timers/promises: that belongs to clock.ts',
    ],
    ['const at = Date.now();', 'uses Date.now: that belongs to clock.ts'],
    ['const at = new Date();', 'uses new Date(): that belongs to clock.ts'],
    ['setTimeout(() => {}, 5);', 'uses setTimeout: that belongs to clock.ts'],
    ['const waitMs = lastAt + 50 - clock.now();', 'reckons with now(): an interval takes monotonic()'],
    ['while (this.#tools.clock.now() < until) wait();', 'reckons with now(): an interval takes monotonic()'],
    [
      "await using handle = await open('x');",
      'has `using` without closing(…): Yarn’s handles cannot be disposed of',
    ],
    ['process.exit(1);', 'uses process.exit: that belongs to cli/main.ts'],
    ['export default 1;', 'has a default export'],
    ['export class TaskManager {}', 'exports TaskManager: a name that says nothing'],
    ['export interface ITask {}', 'exports ITask: a name that says nothing'],
  ])('%s', (source, words) => {
    expect(violations({ 'store/reduce.ts': source })).toContain(`store/reduce.ts ${words}`);
  });

  it.each([
    [
      'nostr/relays.ts',
      "import '../sources/kit/source.ts';",
      'imports sources/kit/source.ts, against the flow',
    ],
    ['ledger/rows.ts', "import '../present/row.ts';", 'imports present/row.ts, against the flow'],
    [
      'publish/report.ts',
      "import '../sources/kit/offers.ts';",
      'imports sources/kit/offers.ts, against the flow',
    ],
    ['run/child.ts', "import '../cli/main.ts';", 'imports cli/main.ts, against the flow'],
    [
      'io/queue.ts',
      "import '../model/task.ts';",
      'imports model/task.ts: io knows no tasks; hand in what it needs',
    ],
    [
      'sources/sessions/format.ts',
      "import '../ledger/source.ts';",
      'imports sources/ledger/source.ts, of another system: move what both need to sources/kit, or name the pair in SYSTEM_PAIRS',
    ],
    [
      'sources/kit/offers.ts',
      "import '../agui/source.ts';",
      'imports sources/agui/source.ts, of another system: move what both need to sources/kit, or name the pair in SYSTEM_PAIRS',
    ],
  ])('%s: %s', (path, source, words) => {
    expect(violations({ [path]: source })).toContain(`${path} ${words}`);
  });

  it.each([
    'export const name = (raw: string) => raw as PlainText;',
    'export const name = (raw: string) => <PlainText>raw;',
    'export const names = (raw: object) => raw as Record<string, PlainText>;',
    'export const name = (raw: string) => raw as unknown as SourceId;',
    'export const name = (raw: unknown) => show(raw as any);',
    'export const name = (raw: unknown) => show(raw as never);',
    'export const isPlain = (raw: string): raw is PlainText => true;',
    '// @ts-expect-error\nexport const name: PlainText = raw;',
  ])('refuse to call text plain: %s', (source) => {
    expect(violations({ 'sources/agui/format.ts': source })).toEqual([
      'sources/agui/format.ts claims that text is plain (a cast to it or to any): make it so with plainName, or say words`…`',
    ]);
  });

  it.each([
    'io.stderr.write(error.message);',
    'process.stdout.write(text);',
    'const { stdout } = io;\nstdout.write(text);',
  ])('refuse to write past the typed exit: %s', (source) => {
    expect(violations({ 'cli/commands/send.ts': source })).toEqual([
      'cli/commands/send.ts writes to stdout or stderr: what is for people goes through io/print.ts',
    ]);
  });

  it('refuse to draw text past what takes plain text', () => {
    expect(violations({ 'react/card.tsx': "import { Text } from 'ink';" })).toEqual([
      'react/card.tsx draws text past react/words.tsx, which takes only what is plain',
    ]);
  });

  it('let a system import the kit, `open` import each system, and a system the one that it is paired with', () => {
    const tree = {
      'sources/sessions/format.ts': "import '../kit/offers.ts';",
      'sources/open/detect.ts': "import '../sessions/format.ts';",
      'sources/attach/source.ts': "import '../agui/event-stream.ts';",
      'model/text.ts': 'export const plain = (raw: string) => raw as PlainText;',
    };
    expect(violations(tree)).toEqual([]);
  });

  it('refuse a function of more than 100 lines', () => {
    const body = (count: number) => `export function long() {\n${'  work();\n'.repeat(count - 2)}}\n`;
    expect(violations({ 'eta/a.ts': body(100), 'eta/b.ts': body(101) })).toEqual([
      'eta/b.ts has long with 101 lines: at most 100, make its steps functions',
    ]);
  });

  it('refuse a room that is more than a quarter of the house', () => {
    const room = (name: string, files: number) =>
      Object.fromEntries(
        Array.from({ length: files }, (_, index) => [`${name}/part-${index}.ts`, '// a line\n'.repeat(200)]),
      );
    const rest = { ...room('eta', 12), ...room('store', 12), ...room('model', 12) };
    expect(violations({ ...room('present', 12), ...rest })).toEqual([]);
    expect(violations({ ...room('present', 20), ...rest })).toEqual([
      'present is 36 % of the house: make two rooms of it',
    ]);
  });

  it('refuse a file of more than 250 lines', () => {
    const lines = (count: number) => '// a line\n'.repeat(count);
    expect(violations({ 'eta/a.ts': lines(250), 'eta/b.ts': lines(251) })).toEqual([
      'eta/b.ts has 251 lines: give it a second room',
    ]);
  });

  it('refuse a file that only passes on names', () => {
    expect(violations({ 'model/all.ts': "export * from './task.ts';", 'model/task.ts': '' })).toEqual([
      'model/all.ts passes on names of other files',
    ]);
  });

  it('refuse names that are not kebab-case', () => {
    expect(violations({ 'ui/TaskList.tsx': '', 'ui/taskList/row.tsx': '' })).toEqual([
      'ui/TaskList.tsx is not named in kebab-case',
      'ui/taskList/row.tsx is not named in kebab-case',
    ]);
  });

  it('find circles, through types too', () => {
    const tree = {
      'store/c.ts': "import type {} from './a.ts';",
      'store/a.ts': "import './b.ts';",
      'store/b.ts': "import './c.ts';",
      'store/d.ts': "import './d.ts';",
    };
    expect(violations(tree)).toEqual([
      'store/a.ts → store/b.ts → store/c.ts → store/a.ts is a circle',
      'store/d.ts → store/d.ts is a circle',
    ]);
  });
});

function violations(files: Record<string, string>): string[] {
  return findViolations(new Map(Object.entries(files)));
}

function readSource(): Tree {
  const paths = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.tsx?$/.test(path),
  );
  return new Map(paths.sort().map((path) => [path, readFileSync(join(SRC, path), 'utf8')]));
}
