import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { printJson } from '../../../io/print.ts';
import { findWriteTarget, WriteRefused } from '../../../io/write-target.ts';
import { LEDGER_FORMAT } from '../../../ledger/document.ts';
import { shellWord } from '../../../model/shell-word.ts';
import { plainName, words } from '../../../model/text.ts';
import { textLine } from '../../../present/line.ts';
import { EXIT } from '../../process/exit.ts';
import { refusal } from './refusal.ts';
import type { Verb } from './verb.ts';

export const template: Verb = {
  name: 'template',
  form: '[file]',
  about: 'write a sample definition to start from',
  examples: [
    'taskglass ledger template tasks.json',
    'taskglass ledger template | taskglass ledger register -',
  ],
  async run({ args: [file = ''], print, isJson, io }) {
    const text = `${JSON.stringify(TEMPLATE, null, 2)}\n`;
    if (file === '') {
      printJson(io, TEMPLATE);
      return EXIT.ok;
    }
    await writeNew(path.resolve(io.cwd, file), text).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw refusal(`${file} already exists`, 'name another file');
      const why = error instanceof WriteRefused ? error.message : (error.code ?? error.message);
      throw refusal(`${file} cannot be written: ${why}`, 'choose another place', 'unreadable');
    });
    if (isJson) print({ file }, () => []);
    else
      print(null, () => [
        textLine(words`${plainName(file)}: change it, then taskglass ledger register ${shellWord(file)}`),
      ]);
    return EXIT.ok;
  },
};

async function writeNew(file: string, text: string): Promise<void> {
  const { target } = await findWriteTarget(file);
  await writeFile(target, text, { flag: 'wx', mode: 0o644 });
}

/** A sample that works as it is: its commands need only a shell. Every key except `id` may be left out. */
const TEMPLATE = {
  format: LEDGER_FORMAT,
  version: 1,
  tasks: [
    {
      id: 'fetch',
      name: 'Fetch the data',
      description: 'What it is for, and whatever else a reader should know.',
      job: 'nightly',
      module: 'import',
      priority: 1,
      dependencies: [],
      steps: ['download', { name: 'unpack', weight: 3 }],
      verification: { command: 'test -s data.csv', timeoutMs: 10_000 },
      rollback: { command: 'rm -f data.csv' },
      labels: { owner: 'data' },
    },
    {
      id: 'report',
      name: 'Write the report',
      job: 'nightly',
      module: 'report',
      priority: 2,
      dependencies: ['fetch'],
      verification: { command: ['test', '-s', 'report.txt'], timeoutMs: 10_000 },
      beforeCompletion: [{ name: 'no empty lines', command: '! grep -q "^$" report.txt' }],
      afterCompletion: [{ name: 'tell', command: 'echo "$TASKGLASS_TASK_NAME: done"' }],
    },
  ],
};
