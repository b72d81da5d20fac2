import { printData } from '../../io/print.ts';
import type { CliCommand } from '../command.ts';
import { EXIT } from '../process/exit.ts';

export const version: CliCommand = {
  name: 'version',
  about: 'show the version',
  examples: ['taskglass version'],
  async run({ io }) {
    const { packageVersion } = await import('../process/version.ts');
    printData(io, packageVersion());
    return EXIT.ok;
  },
};
