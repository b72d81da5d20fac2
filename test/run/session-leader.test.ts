import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openPseudoTerminal } from '../../src/io/pseudo-terminal.ts';
import { startInSession } from '../../src/run/session-leader.ts';

it('reports how a command ends that continues without its terminal', async () => {
  const terminal = await openPseudoTerminal({ columns: 80, rows: 24 }, []);
  if (!terminal) throw new Error('no pseudo-terminal');
  const end = terminal.openEnd();
  const session = await startInSession(terminal, {
    words: ['sh', '-c', 'trap "" HUP; echo on; sleep 0.3; exit 5'],
    cwd: process.cwd(),
    env: process.env,
    stdio: [end, end, end],
    descriptors: [],
  });
  closeSync(end);
  terminal.master.on('error', () => {});
  await once(terminal.master, 'data');
  terminal.master.destroy();
  expect(await session.ended).toEqual({ exitCode: 5, signal: null });
});
