import { plainName, words } from '../../model/text.ts';
import type { CliCommand } from '../command.ts';
import { EXIT, refuse } from '../process/exit.ts';

/** The hidden command that each of the demo's worker processes runs. */
export const demoWorker: CliCommand = {
  name: 'demo-worker',
  form: '<name>',
  about: 'run one worker of the demo',
  examples: [],
  isHidden: true,
  async run({ args: [name = ''], io }) {
    const { runDemoWorker } = await import('../../demo/worker.ts');
    const isThere = await runDemoWorker(name, io);
    const unknown = { message: words`demo-worker: there is no ${plainName(name)}` };
    return isThere ? EXIT.ok : refuse(io, unknown, EXIT.usage);
  },
};
