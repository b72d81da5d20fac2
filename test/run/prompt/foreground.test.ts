import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { findPrompt } from '../../../src/run/prompt/find-prompt.ts';
import { lookAtForeground } from '../../../src/run/prompt/foreground.ts';
import { createUnfinishedLine } from '../../../src/run/prompt/unfinished-line.ts';
import { eventually } from '../../helpers/eventually.ts';
import { openTerminal, type Terminal } from '../../helpers/terminal.ts';

const READ = `exec sh -c 'read x'`;
const PASSWD = '/etc/passwd';

let terminal: Terminal;
afterEach(() => terminal.dispose());

async function look() {
  const line = createUnfinishedLine();
  line.add(Buffer.from(terminal.output), 'terminal');
  const { processes, modes } = await lookAtForeground();
  const reads = processes.map((process) => process.reads);
  return { reads, modes, question: findPrompt({ line: line.text(), screen: line.screen, processes, modes }) };
}

describe.runIf(process.platform === 'linux')('what has a terminal', () => {
  it.each([
    ['reads it', `printf 'Name? '; ${READ}`, 'terminal', true],
    ['reads it by name', `printf 'Name? '; exec 3</dev/tty; exec 0</dev/null; read x <&3`, '/dev/tty', true],
    ['reads a secret', `stty -echo; printf 'Name? '; ${READ}`, 'terminal', false],
  ])('%s and waits at a prompt', async (_what, script, reads, isEchoed) => {
    terminal = openTerminal('sh', ['-c', script]);
    await eventually(async () =>
      expect(await look()).toEqual({
        reads: [reads],
        modes: { isByLine: true, isEchoed },
        question: 'Name? ',
      }),
    );
  });

  it('sleeps, so it waits at none', async () => {
    terminal = openTerminal('sh', ['-c', `printf 'Name? '; exec sleep 30`]);
    await eventually(async () =>
      expect(await look()).toMatchObject({ reads: ['nothing'], modes: { isByLine: true }, question: null }),
    );
    await terminal.until('Name?');
    expect(await look()).toMatchObject({ question: null });
  });

  it.each([
    ['less', ['/usr/bin/less', PASSWD]],
    ['less on the main screen', ['/usr/bin/less', '-X', PASSWD]],
    ['vim', ['/usr/bin/vim', '-u', 'NONE', '-R', PASSWD]],
  ])('is %s, which takes key by key', async (_what, [program = '', ...args]) => {
    if (!existsSync(program)) return;
    terminal = openTerminal(program, args, { rows: 4 });
    await terminal.until('root');
    await eventually(async () =>
      expect(await look()).toMatchObject({ modes: { isByLine: false }, question: null }),
    );
  });
});
