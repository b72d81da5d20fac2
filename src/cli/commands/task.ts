import type { CliCommand } from '../command.ts';
import { JSON_OUTPUT } from '../options.ts';

export const task: CliCommand = {
  name: 'task',
  usage: '[options] VERB …',
  about: 'report on tasks from inside a session, and list them',
  argumentsTake: { id: ['board-task'] },
  notes: [
    'The session is TASKGLASS_SESSION_ID or MAESTRO_SESSION_ID. Tasks are looked for',
    'in --board FILE, else at the Maestro server of MAESTRO_SERVER_URL, else in',
    '.taskglass/board.json. Watch them: taskglass .',
  ].join('\n'),
  examples: [],
  options: [
    { flags: '--board <file>', about: 'the file with the tasks', byDefault: '.taskglass/board.json' },
    JSON_OUTPUT,
  ],
  verbs: async () => (await import('./task/verbs.ts')).TASK_VERBS,
};
