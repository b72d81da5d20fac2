import type { TaskState } from '../../model/task.ts';
import { type PlainText, plainName, plainNameOrNull, words } from '../../model/text.ts';
import { decodeLabels, latestOf } from '../kit/decode-fields.ts';
import { BARE_DRAFT, type TaskDraft } from '../kit/task-draft.ts';
import { type UnitFacts, unixMoment } from './format.ts';

/** What is known about a service in addition to its own properties. */
export interface UnitContext {
  /** When its timer starts it next, epoch ms; undefined if it has none. */
  readonly nextAt: number | null | undefined;
  /** It was seen running before, so its end is shown, too. */
  readonly wasRunning: boolean;
  /** We have asked for its end. */
  readonly isStopped: boolean;
}

/** Returns a service as a task; null if it is not one: a daemon that is up, or a service that nobody has started. */
export function unitTask(unit: UnitFacts, context: UnitContext): TaskDraft | null {
  const { Id: id = '', Description: description } = unit;
  const state = stateOf(unit, context);
  if (state === null) return null;
  const began = unixMoment(unit.ExecMainStartTimestamp);
  const name = id.replace(/\.service$/u, '');
  const cwd = plainNameOrNull(unit.WorkingDirectory?.replace(/^[!-]+/u, ''));
  const pid = Number(unit.MainPID);
  // A service started by `systemd-run` has a generated name, and its command as its description.
  const isNameless = /^run-[\w-]*\d/u.test(name);
  return {
    ...BARE_DRAFT,
    nativeId: id,
    name: (isNameless ? plainNameOrNull(description) : null) ?? plainName(name),
    state,
    startedAt: state.status === 'queued' ? null : began,
    updatedAt: latestOf([began, 'endedAt' in state ? state.endedAt : null]),
    attempts: 1 + (Number.parseInt(unit.NRestarts ?? '', 10) || 0),
    notes: context.nextAt && state.status !== 'queued' ? [{ at: null, text: nextText(context.nextAt) }] : [],
    labels: decodeLabels([
      ['description', isNameless ? null : description],
      ['timer', unit.TriggeredBy],
    ]),
    ...(cwd && { cwd }),
    ...(pid > 0 && Number.isSafeInteger(pid) && { pid }),
    mayBeQuiet: true,
    raw: unit,
  };
}

function stateOf(unit: UnitFacts, { nextAt, wasRunning, isStopped }: UnitContext): TaskState | null {
  const isDaemon = unit.Transient !== 'yes' && unit.Type !== 'oneshot';
  const hasTimer = nextAt !== undefined;
  const endedAt = unixMoment(unit.ExecMainExitTimestamp) ?? unixMoment(unit.InactiveEnterTimestamp);
  switch (unit.ActiveState) {
    case 'activating':
      if (unit.SubState === 'auto-restart') return { status: 'waiting', reason: restartText(unit) };
      return { status: 'running', reason: null };
    case 'reloading':
    case 'deactivating':
      return isDaemon && !wasRunning ? null : { status: 'running', reason: words`it is stopping` };
    case 'failed':
      return isStopped || isAskedToEnd(unit)
        ? { status: 'cancelled', endedAt, reason: isStopped ? null : errorText(unit) }
        : { status: 'failed', endedAt, error: errorText(unit) };
    case 'active':
      if (unit.SubState === 'exited')
        return unit.Transient === 'yes' || wasRunning || hasTimer
          ? { status: 'completed', endedAt, result: null }
          : null;
      return isDaemon && !hasTimer ? null : { status: 'running', reason: null };
    default:
      return inactive(unit, { nextAt, wasRunning, isStopped }, endedAt);
  }
}

function inactive(
  unit: UnitFacts,
  { nextAt, wasRunning, isStopped }: UnitContext,
  endedAt: number | null,
): TaskState | null {
  const hasRun = endedAt !== null || wasRunning;
  if (nextAt === undefined && !wasRunning) return null;
  if (!hasRun) return { status: 'queued', reason: nextAt ? nextText(nextAt) : words`its timer is not set` };
  // A clean end by a signal is one that somebody asked for.
  const isKilled = unit.ExecMainCode === '2' || unit.ExecMainCode === '3';
  return isStopped || isKilled
    ? { status: 'cancelled', endedAt, reason: null }
    : { status: 'completed', endedAt, result: null };
}

/** Tells whether SIGTERM or SIGINT ended it: for a oneshot service, systemd calls that a failure. */
function isAskedToEnd({ Result: result, ExecMainStatus: status }: UnitFacts): boolean {
  return result === 'signal' && (status === '15' || status === '2');
}

function errorText(unit: UnitFacts): PlainText | null {
  const { Result: result = '', ExecMainStatus: status = '0' } = unit;
  if (result === 'exit-code' && status !== '0') return words`exit code ${plainName(status)}`;
  if (result === 'signal' || result === 'core-dump') return words`ended by signal ${plainName(status)}`;
  return plainNameOrNull(result.replaceAll('-', ' '));
}

function restartText(unit: UnitFacts): PlainText {
  const why = unit.Result === 'success' ? null : errorText(unit);
  return why ? words`it is started again: ${why}` : words`it is started again`;
}

function nextText(at: number): PlainText {
  const day = new Date(at);
  const two = (part: number) => plainName(String(part).padStart(2, '0'));
  return words`next ${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())} ${two(day.getHours())}:${two(day.getMinutes())}`;
}
