import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../../../clock.ts';
import { withExclusiveMark } from '../../../io/exclusive-mark.ts';
import type { Io } from '../../../io/io.ts';
import { readWhole } from '../../../io/read-file.ts';
import { RewriteError, rewriteJson } from '../../../io/rewrite-json.ts';
import type { CommandResult } from '../../../model/command.ts';
import type { DashboardState } from '../../../model/dashboard-state.ts';
import { jsonObject, readJson } from '../../../model/json.ts';
import { refused } from '../../../model/refused.ts';
import { plainName, plainNameOrNull, words } from '../../../model/text.ts';
import { readOwnership } from '../../../publish/dashboard-state/own-state.ts';
import { readRunRecord } from '../../../publish/dashboard-state/run-record.ts';
import { againMarkOf } from '../../../publish/dashboard-state/run-record-file.ts';
import { startDetached } from './detach.ts';

/** Variables that terminals, logins and shells set for themselves. */
const OF_A_SESSION =
  /^(?:_|SSH_|TMUX|STY$|TERM|WINDOWID|DISPLAY|WAYLAND_|XDG_|DBUS_|SHLVL$|OLDPWD$|PS\d$|npm_|LS_COLORS$)/u;

/**
 * Runs the command of an ended run again, as a new run in the same directory, without a terminal. If several ask for it at
 * the same time, it runs only once.
 */
export async function runAgain(statePath: string, io: Pick<Io, 'env' | 'clock'>): Promise<CommandResult> {
  const result = await withExclusiveMark(againMarkOf(statePath), io.clock, () =>
    startAgain(statePath, io),
  ).catch((error: NodeJS.ErrnoException) =>
    refused('not-allowed', words`retry: ${plainName(path.dirname(statePath))}: ${plainName(error.message)}`),
  );
  return result ?? refused('not-allowed', words`retry: somebody else is starting it again right now`);
}

async function startAgain(statePath: string, io: Pick<Io, 'env' | 'clock'>): Promise<CommandResult> {
  const repeatedAs = await repetitionOf(statePath);
  if (repeatedAs !== null)
    return refused('not-allowed', words`retry: it was already started again, as ${plainName(repeatedAs)}`);
  const record = await readRunRecord(statePath);
  if (!record) return refused('not-allowed', words`retry: it is not known how this run was started`);
  const { argv, cwd, title, options } = record;
  const isThere = (await stat(cwd).catch(() => null))?.isDirectory() ?? false;
  if (!isThere) return refused('missing', words`retry: its directory ${plainName(cwd)} is gone`);
  const retryOf = path.basename(statePath, '.json');
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
  await tellRetried(statePath, started.id, io.clock);
  return { kind: 'sent' };
}

/** Returns the id of the run that has repeated this one; null if there is none. */
async function repetitionOf(statePath: string): Promise<string | null> {
  const found = await readWhole(statePath);
  const state = 'bytes' in found ? jsonObject(readJson(found.bytes.toString())) : null;
  const tasks = Array.isArray(state?.activeTasks) ? state.activeTasks : [];
  return tasks.map((task) => plainNameOrNull(jsonObject(task)?.retriedAs)).find((id) => id !== null) ?? null;
}

/** Records which run has repeated this one, because the process that kept the file is gone. */
async function tellRetried(statePath: string, id: string, clock: Clock): Promise<void> {
  if ((await readOwnership(statePath)).kind !== 'own') return;
  await rewriteJson({ path: statePath, clock }, (state) => {
    for (const task of (state as DashboardState).activeTasks ?? []) task.retriedAs = id;
  }).catch((error: unknown) => {
    if (!(error instanceof RewriteError)) throw error; // the new run reports the old one as well
  });
}
