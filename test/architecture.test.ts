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
      'cli/main.ts': "await import('../ui/app.tsx');\nprocess.exit(0);\n",
      'ui/app.tsx':
        "import { Text } from 'ink';\nimport '../present/row.ts';\nexport const App = () => <Text>{new Date(0)}</Text>;\n",
      'index.ts': "export { task } from './model/task.ts';\n",
    };
    expect(violations(tree)).toEqual([]);
  });

  it.each([
    ["import '../ui/app.tsx';", 'imports ui/app.tsx, against the flow'],
    ["import type { Row } from '../present/row.ts';", 'imports present/row.ts, against the flow'],
    ["export type { Row } from '../present/row.ts';", 'imports present/row.ts, against the flow'],
    ["const row = await import('../present/row.ts');", 'imports present/row.ts, against the flow'],
    ["import '../index.ts';", 'imports index.ts, against the flow'],
    ["import { Box } from 'ink';", 'imports ink: that belongs to ui and react'],
    ["import { useState } from 'react';", 'imports react: that belongs to ui and react'],
    ["import 'react/jsx-runtime';", 'imports react/jsx-runtime: that belongs to ui and react'],
    ["const sqlite = await import('node:sqlite');", 'imports node:sqlite: that belongs to storage'],
    [
      "import { SimplePool } from 'nostr-tools/pool';",
      'imports nostr-tools/pool: that belongs to sources/nostr/relays.ts',
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
