import { isLate, type ShownEstimate } from '../eta/shown-estimate.ts';
import { endedAtOf, isOwnOnlyStep } from '../model/task.ts';
import { type PlainText, words } from '../model/text.ts';
import { silenceOf } from '../store/stall.ts';
import type { State, TaskEntry } from '../store/state.ts';
import { plural, statusWord } from './count.ts';
import {
  commands,
  dependencies,
  indented,
  labels,
  notes,
  output,
  place,
  question,
  section,
  sessionsTitle,
  steps,
} from './detail-parts.ts';
import { clockText, durationText, elapsedText, momentText } from './duration.ts';
import { delayText, etaText, publisherText, usualText } from './eta.ts';
import { widthOf, wrap } from './fit.ts';
import { signs, taskGlyph } from './glyphs.ts';
import { BLANK_LINE, type Line, line, NEVER, segment } from './line.ts';
import type { HeldLog } from './log.ts';
import { silenceText } from './now.ts';
import { rawText } from './raw.ts';
import { reasonText } from './reason.ts';
import type { RenderContext } from './render-context.ts';
import { percentText, shownProgress } from './row.ts';
import { sessionLines } from './sessions.ts';

/** What the details show in addition to the task itself. */
export interface DetailExtras {
  /** The task's output, if it is read. */
  readonly log?: HeldLog | null;
  /** How many lines there are for the details; the output takes those that are left. */
  readonly height?: number;
  /** Whether notifications of it are muted. */
  readonly isMuted?: boolean;
}

/** Returns everything that is known about a task, in as many lines as needed. What needs a person comes first. */
export function detailLines(
  entry: TaskEntry,
  state: State,
  context: RenderContext,
  { log = null, height, isMuted = false }: DetailExtras = {},
): Line[] {
  const parts = [
    [...title(entry, context), ...facts(entry, context, isMuted)],
    question(entry, context),
    why(entry, context),
    section(words`steps`, isOwnOnlyStep(entry.task) ? [] : steps(entry, context)),
    section(words`notes`, notes(entry, context)),
    section(words`waits for`, dependencies(entry, state, context)),
    section(sessionsTitle(entry, state), sessionLines(entry, context)),
    section(words`commands`, commands(entry, context)),
    section(words`labels`, labels(entry, context)),
    section(words`about`, place(entry, state, context)),
  ];
  const isTight = height !== undefined && height < ROOMY;
  const lines = joinParts(parts, isTight);
  const room = Math.max(LEAST_OUTPUT, (height ?? 0) - lines.length - 2);
  return joinParts([lines, section(words`output`, output(log, context, room))], isTight);
}

/** In fewer lines, none is left blank, so that the error stays visible. */
const ROOMY = 12;
/** At least this many of the last lines are shown. */
const LEAST_OUTPUT = 5;

/** Returns a task's name and its source's own document. */
export function rawLines(entry: TaskEntry, context: RenderContext): Line[] {
  const raw = rawText(entry.task);
  const text = raw === '' ? words`its source keeps no document of it` : raw;
  return joinParts([title(entry, context), section(words`raw document`, indented(text, context, 'dim'))]);
}

/** Joins the parts that are not empty, with a blank line between them unless it is tight. */
function joinParts(parts: readonly (readonly Line[])[], isTight = false): Line[] {
  return parts
    .filter((part) => part.length > 0)
    .flatMap((part, index) => (index === 0 || isTight ? part : [BLANK_LINE, ...part]));
}

function title({ task, newsCount }: TaskEntry, context: RenderContext): Line[] {
  const glyph = taskGlyph(task.state.status, newsCount, context.ascii);
  return wrap(task.name, context.width - 2).map((text, index) =>
    line([segment(index === 0 ? words`${glyph.text} ` : words`  `, glyph.tone), segment(text, 'strong')]),
  );
}

/** Returns `running for 4m · 48% · ~4m (2–9m), from the pace of its steps · attempt 2`. */
function facts(entry: TaskEntry, context: RenderContext, isMuted: boolean): Line[] {
  const { task } = entry;
  const status = statusFact(entry, context);
  const silence = silenceOf(entry, context.nowMs, context.stallAfterMs);
  const estimate = task.state.status === 'running' ? context.estimate(task.id, context.nowMs) : null;
  const eta = silence
    ? { text: words``, until: NEVER }
    : etaText(estimate && { ...estimate, delay: null }, context);
  const progress = shownProgress(task);
  const figures = [
    status.text,
    progress === null ? words`` : percentText(progress),
    ...(estimate ? estimateFacts(estimate, eta.text, context) : []),
    task.attempts > 1 ? words`attempt ${task.attempts}` : words``,
    task.priority === null ? words`` : words`priority ${task.priority}`,
    task.userStatus ? words`user status: ${task.userStatus}` : words``,
    task.review ? words`for review` : words``,
    isMuted ? words`muted` : words``,
  ].filter(Boolean);
  const silent = silence && silenceText(silence, entry.lastNewsAt, context.nowMs);
  return [
    ...flowing(figures, words` ${signs(context.ascii).dot} `, context).flatMap((text) =>
      indented(text, context, 'plain', Math.min(status.until, eta.until)),
    ),
    ...(silent
      ? indented(
          words`${silent.text}, last news at ${clockText(entry.lastNewsAt, context.timeZone)}`,
          context,
          'wait',
          silent.until,
        )
      : []),
  ];
}

/** Returns lines with as many parts as fit, separated by `dot`. */
function flowing(parts: readonly PlainText[], dot: PlainText, context: RenderContext): PlainText[] {
  const lines: PlainText[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const longer = last === undefined ? part : words`${last}${dot}${part}`;
    if (last !== undefined && widthOf(longer) <= context.width - 2) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines;
}

function statusFact({ task }: TaskEntry, { nowMs, timeZone }: RenderContext) {
  const word = statusWord(task.state.status);
  const endedAt = endedAtOf(task);
  if (endedAt !== null) {
    const took =
      task.startedAt === null ? '' : words`, took ${durationText(Math.max(0, endedAt - task.startedAt))}`;
    return { text: words`${word} at ${momentText(endedAt, nowMs, timeZone)}${took}`, until: NEVER };
  }
  if (task.startedAt === null || task.state.status === 'queued') return { text: word, until: NEVER };
  const since = elapsedText(task.startedAt, nowMs);
  return { text: words`${word} for ${since.text}`, until: since.until };
}

/**
 * Returns when the task will be done, what that estimate is based on, how long it usually takes, and how reliable its
 * publisher is.
 */
function estimateFacts(estimate: ShownEstimate, eta: PlainText, context: RenderContext): PlainText[] {
  const { isVague, delay, basis, usualMs, earlierRuns } = estimate;
  const late = isLate(estimate, context.nowMs);
  const runs = plural(earlierRuns, 'earlier run');
  return [
    eta === '' || late || isVague ? eta : words`done ${eta}, ${basisText(basis, earlierRuns)}`,
    delay === null || late ? words`` : delayText(delay),
    usualMs === null ? words`` : late ? runs : words`usually ${usualText(usualMs)} (${runs})`,
    publisherText(estimate, context),
  ];
}

/**
 * Returns what an estimate is based on. If the history has no runs of the job itself, it consists of jobs with the same name
 * or steps.
 */
function basisText(basis: ShownEstimate['basis'], earlierRuns: number): PlainText {
  if (basis === 'reported') return words`according to its publisher`;
  if (basis === 'history')
    return earlierRuns > 0 ? words`from earlier runs` : words`from runs of similar jobs`;
  return basis === 'steps' ? words`from the pace of its steps` : words`from its rate so far`;
}

/** Returns the whole reason, error or result. */
function why({ task }: TaskEntry, context: RenderContext): Line[] {
  const { state } = task;
  const text = state.status === 'completed' ? state.result : reasonText(task, context.nameTask);
  if (!text || text === task.question?.text) return [];
  const isFailed = state.status === 'failed';
  const label = state.status === 'completed' ? words`result` : isFailed ? words`error` : words`reason`;
  return section(label, indented(text, context, isFailed ? 'bad' : 'plain'));
}
