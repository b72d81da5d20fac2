import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { replaceFile } from '../../../io/atomic-file.ts';
import type { Io } from '../../../io/io.ts';
import { parseJson } from '../../../io/json-text.ts';
import type { CommandResult } from '../../../model/command.ts';
import type { DashboardState } from '../../../model/dashboard-state.ts';
import { refused } from '../../../model/refused.ts';
import { plainName, words } from '../../../model/text.ts';
import { ownershipOf } from '../../../publish/dashboard-state/own-state.ts';
import { readRunRecord } from '../../../publish/dashboard-state/run-record.ts';
import { startDetached } from './detach.ts';

/** Terminals, logins and shells set these for themselves. */
const OF_A_SESSION =
  /^(?:_|SSH_|TMUX|STY$|TERM|WINDOWID|DISPLAY|WAYLAND_|XDG_|DBUS_|SHLVL$|OLDPWD$|PS\d$|npm_|LS_COLORS$)/u;

/** Runs the command of an ended run again, as a run of its own, in its directory and without a terminal. */
export async function runAgain(statePath: string, io: Pick<Io, 'env'>): Promise<CommandResult> {
  const record = await readRunRecord(statePath);
  if (!record) return refused('not-allowed', words`retry: it is not known how this run was started`);
  const { argv, cwd, title, options } = record;
  const isThere = (await stat(cwd).catch(() => null))?.isDirectory() ?? false;
  if (!isThere) return refused('missing', words`retry: its directory ${plainName(cwd)} is gone`);
  const retryOf = basename(statePath, '.json');
  const isUnset = record.env.filter((name) => !(name in io.env) && !OF_A_SESSION.test(name));
  const started = await startDetached(
    argv,
    { ...options, name: title },
    { cwd, env: io.env, retryOf, isUnset },
  );
  if ('code' in started) {
    const [why = ''] = started.said.trim().split('\n');
    return refused('not-allowed', words`retry: ${plainName(why.replace(/^taskglass: run: /u, ''))}`);
  }
  await tellRetried(statePath, started.id);
  return { kind: 'sent' };
}

/** Writes down by which run this one was repeated; its own process, which kept the file, is gone. */
async function tellRetried(statePath: string, id: string): Promise<void> {
  const before = await readFile(statePath, 'utf8').catch(() => '');
  const parsed = parseJson(before);
  if (!('value' in parsed) || ownershipOf(before).kind !== 'own') return;
  const state = parsed.value as DashboardState;
  const activeTasks = state.activeTasks.map((task) => ({ ...task, retriedAs: id }));
  await replaceFile(statePath, `${JSON.stringify({ ...state, activeTasks })}\n`, {
    isStillRight: async () => (await readFile(statePath, 'utf8')) === before,
  }).catch(() => false); // the new run tells of the old one as well
}
