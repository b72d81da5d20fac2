import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Io } from '../../../io/io.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import { shownUrl } from '../../../model/shown-url.ts';
import { plainName } from '../../../model/text.ts';
import { commandsDirectoryOf } from '../../../publish/dashboard-state/command-file.ts';
import { createStateFileReporter } from '../../../publish/dashboard-state/reporter.ts';
import { type RunRecord, writeRunRecord } from '../../../publish/dashboard-state/run-record.ts';
import { againMarkOf, recordPathOf } from '../../../publish/dashboard-state/run-record-file.ts';
import { logsDirectoryOf } from '../../../publish/dashboard-state/task-logs.ts';
import type { Reporter } from '../../../publish/report.ts';
import { newRunFile } from '../../../publish/run-file.ts';
import { createLearningReporter } from '../../../run/learn-run.ts';
import { readSourceSpec } from '../../../session/source-specs.ts';
import { isRunning } from '../../../sources/dashboard-state/is-running.ts';
import type { Settings } from '../../config/settings.ts';
import { sessionContext } from '../../session/context.ts';
import { readSettings } from '../../session/session.ts';
import type { Hearing, RunOptions } from './options.ts';

export type Targets =
  | { readonly kind: 'opened'; readonly reporters: readonly Reporter[]; readonly settings: Settings }
  | { readonly kind: 'refused'; readonly problem: Problem };

const HOUR_MS = 3600 * 1000;

/** What is run, and who receives what comes back. */
interface Parts {
  readonly options: RunOptions;
  readonly command: readonly string[];
  readonly title: string;
  readonly hearing: Hearing;
  readonly io: Io;
}

/**
 * Opens the places where a run is published: those that `--to` names, otherwise a file of its own where a plain `taskglass`
 * looks.
 */
export async function openTargets(parts: Parts): Promise<Targets> {
  const { options, title, hearing, io } = parts;
  const resolved = await settingsOf(options, io);
  if (resolved.kind === 'refused') return resolved;
  const { settings } = resolved;
  const stateFile = (file: string) => {
    const taskId = taskIdOf(file);
    const keepsOutput = options.log !== false;
    const reporter = createStateFileReporter({ file, taskId, keepsOutput, takesAnswers: true, ...hearing });
    return settings.history ? [reporter, learningReporter(taskId, hearing.onProblem, io)] : [reporter];
  };
  if (!options.to) {
    const file = await newRunFile(io.env, title);
    await writeRunRecord(file, recordOf(parts)).catch(() => {}); // without it, the run cannot be repeated
    // In the background: the command waits for none of it.
    removeOldRuns(path.dirname(file), io.clock.now() - settings.retention * HOUR_MS).catch(() => {});
    return { kind: 'opened', reporters: stateFile(file), settings };
  }

  const specs = options.to.map((text) => ({ text, read: readSourceSpec(text, io.cwd) }));
  const wrong = specs.find(
    ({ read }) => read.kind === 'refused' || !['relay', 'file'].includes(read.spec.kind),
  );
  if (wrong) return { kind: 'refused', problem: noTarget(wrong.text) };
  const targets = specs.flatMap(({ read }) => (read.kind === 'spec' ? [read.spec] : []));
  const paths = targets.flatMap((spec) => (spec.kind === 'file' ? [spec.path] : []));
  const files = [...new Set(paths.filter((file) => !isDatabase(file)))];
  const refusal = await checkFiles(files);
  if (refusal) return { kind: 'refused', problem: refusal };
  const ledgers = await openLedgers(paths.filter(isDatabase), title, hearing, io);
  if ('kind' in ledgers) return ledgers;
  const urls = targets.flatMap((spec) => (spec.kind === 'relay' ? [spec.url] : []));
  const relays = urls.length === 0 ? [] : await openRelays(urls, settings, hearing, io);
  if ('kind' in relays) return relays;
  const taken = await claimFiles(files, title, io);
  if (taken) return { kind: 'refused', problem: taken };
  return { kind: 'opened', reporters: [...files.flatMap(stateFile), ...ledgers, ...relays], settings };
}

function recordOf({ options: given, command, title, io }: Parts): RunRecord {
  const [program = '', ...args] = command;
  const { log, progress, progressPattern, config } = given;
  const options = { log, progress, progressPattern, config };
  return { argv: [program, ...args], cwd: io.cwd, title, env: Object.keys(io.env), options };
}

function taskIdOf(file: string): string {
  return path.basename(file, '.json');
}

/** Returns why one of the files may not be written. */
async function checkFiles(files: readonly string[]): Promise<Problem | null> {
  if (files.length === 0) return null;
  const { checkFileTarget } = await import('./check-file-target.ts');
  const refusals = await Promise.all(files.map((file) => checkFileTarget(file, taskIdOf(file))));
  return refusals.find((refusal) => refusal !== null) ?? null;
}

/** Claims the files for this run, once nothing else can refuse it. Returns why one of them is not available. */
async function claimFiles(files: readonly string[], title: string, { clock }: Io): Promise<Problem | null> {
  if (files.length === 0) return null;
  const { claimFileTarget } = await import('./check-file-target.ts');
  for (const file of files) {
    const refusal = await claimFileTarget({ path: file, taskId: taskIdOf(file), title }, clock);
    if (refusal) return refusal;
  }
  return null;
}

function isDatabase(file: string): boolean {
  return /\.(?:db|sqlite3?)$/iu.test(file);
}

async function openLedgers(
  paths: readonly string[],
  id: string,
  hearing: Hearing,
  io: Io,
): Promise<readonly Reporter[] | Extract<Targets, { kind: 'refused' }>> {
  if (paths.length === 0) return [];
  const { openLedgerTargets } = await import('./ledger-targets.ts');
  return openLedgerTargets(paths, id, hearing, io);
}

async function openRelays(
  urls: readonly string[],
  settings: Settings,
  hearing: Hearing,
  io: Io,
): Promise<readonly Reporter[] | Extract<Targets, { kind: 'refused' }>> {
  const { findSigner } = await import('../../../session/signing-key.ts');
  const found = await findSigner(settings, sessionContext(io), { isNeeded: true });
  if (found.kind === 'refused') return found;
  if (!found.signer) return { kind: 'refused', problem: NO_KEY };
  const { createJobReporter } = await import('../../../publish/nostr/reporter.ts');
  const reporter = createJobReporter({
    relays: urls,
    signer: found.signer,
    clock: io.clock,
    ...hearing,
  });
  return [reporter];
}

/** Loads the database only when there is something to record, so that it does not delay the command. */
function learningReporter(taskId: string, onProblem: (problem: Problem) => void, io: Io): Reporter {
  return createLearningReporter({
    taskId,
    clock: io.clock,
    async learn(run) {
      const { createLazyHistory, historyFile } = await import('../../../session/history.ts');
      const history = createLazyHistory(historyFile(io), onProblem);
      history.learn([run]);
      history.close();
    },
  });
}

function settingsOf({ config, annotations }: RunOptions, io: Io) {
  return readSettings({ annotations, ...(config !== undefined && { config }) }, io);
}

/**
 * Removes the files of runs that ended before `endedBefore` (epoch ms), including runs whose process is gone. A run that has
 * reported nothing for a day may still be running.
 */
async function removeOldRuns(runs: string, endedBefore: number): Promise<void> {
  const names = new Set(await readdir(runs).catch(() => []));
  for (const name of names) {
    const file = path.join(runs, name);
    await removeOrphan(file, names, endedBefore);
    const touchedAt = name.endsWith('.json') ? (await stat(file).catch(() => null))?.mtimeMs : undefined;
    if (touchedAt === undefined || touchedAt >= endedBefore || (await isRunning(file))) continue;
    await rm(file, { force: true });
    for (const pathOf of [commandsDirectoryOf, logsDirectoryOf, recordPathOf, againMarkOf])
      await rm(pathOf(file), { force: true, recursive: true });
  }
}

/** Removes the output of a run whose own file somebody has removed, or could never be written. */
async function removeOrphan(
  directory: string,
  names: ReadonlySet<string>,
  endedBefore: number,
): Promise<void> {
  const suffix = logsDirectoryOf('');
  const name = path.basename(directory);
  if (!name.endsWith(`.json${suffix}`) || names.has(name.slice(0, -suffix.length))) return;
  const touchedAt = (await stat(directory).catch(() => null))?.mtimeMs;
  if (touchedAt !== undefined && touchedAt < endedBefore)
    await rm(directory, { force: true, recursive: true });
}

function noTarget(text: string): Problem {
  return problem(
    'malformed',
    'down',
    plainName(`run: --to ${shownUrl(text)} is not a target`),
    'a .json file, a ledger (.db), or a ws:// or wss:// relay',
  );
}

const NO_KEY = problem(
  'no-key',
  'down',
  'run: publishing to relays needs a key',
  'taskglass key new, or set TASKGLASS_NSEC',
);
