import { isLate, type ShownEstimate } from '../eta/shown-estimate.ts';
import { endedAtOf, isOwnOnlyStep, stepsDone } from '../model/task.ts';
import { type PlainText, plainName, words } from '../model/text.ts';
import { silenceOf } from '../store/stall.ts';
import { findEntry, type State, type TaskEntry } from '../store/state.ts';
import { commandWord, ladderText, refusalText } from './command.ts';
import { plural, statusWord } from './count.ts';
import { clockText, durationText, elapsedText, momentText } from './duration.ts';
import { delayText, etaText, publisherText, usualText } from './eta.ts';
import { alignLeft, alignRight, cut, widthOf, wrap } from './fit.ts';
import { bar, signs, taskGlyph } from './glyphs.ts';
import { BLANK_LINE, type Line, line, NEVER, segment, type Tone, textLine } from './line.ts';
import { silenceText } from './now.ts';
import { rawText } from './raw.ts';
import { describeTask, reasonText } from './reason.ts';
import type { RenderContext } from './render-context.ts';
import { percentText, shownProgress } from './row.ts';
import { sessionLines } from './sessions.ts';
import { glyphOfStep, stepDuration, stepTone } from './steps.ts';

/** Returns everything that is known of a task, in as many lines as it takes. */
export function detailLines(entry: TaskEntry, state: State, context: RenderContext): Line[] {
  const parts = [
    title(entry, context),
    facts(entry, state, context),
    section(words`steps`, isOwnOnlyStep(entry.task) ? [] : steps(entry, context)),
    section(words`waits for`, dependencies(entry, state, context)),
    section(words`notes`, notes(entry, context)),
    section(sessionsTitle(entry, state), sessionLines(entry, context)),
    section(words`labels`, labels(entry, context)),
    section(words`commands`, commands(entry, context)),
    section(words`raw document`, paragraph(rawText(entry.task), context)),
  ];
  return parts
    .filter((part) => part.length > 0)
    .flatMap((part, index) => (index < 2 ? part : [BLANK_LINE, ...part]));
}

function section(heading: PlainText, lines: readonly Line[]): Line[] {
  return lines.length === 0 ? [] : [textLine(heading, 'strong'), ...lines];
}

function title({ task, newsCount }: TaskEntry, context: RenderContext): Line[] {
  const glyph = taskGlyph(task.state.status, newsCount, context.ascii);
  return wrap(task.name, context.width - 2).map((text, index) =>
    line([segment(index === 0 ? words`${glyph.text} ` : words`  `, glyph.tone), segment(text, 'strong')]),
  );
}

/**
 * Returns `running for 4m · 48% · ~4m (2–9m), from the pace of its steps · attempt 2`, then the reason, then where the
 * task comes from.
 */
function facts(entry: TaskEntry, state: State, context: RenderContext): Line[] {
  const { task } = entry;
  const status = statusFact(entry, context);
  const silence = silenceOf(entry, context.nowMs, context.stallAfterMs);
  const estimate = task.state.status === 'running' ? context.estimate(task.id, context.nowMs) : null;
  const eta = silence
    ? { text: words``, until: NEVER }
    : etaText(estimate && { ...estimate, delay: null }, context);
  const progress = shownProgress(task);
  const figures = [
    progress === null ? words`` : percentText(progress),
    ...(estimate ? estimateFacts(estimate, eta.text, context) : []),
    task.attempts > 1 ? words`attempt ${task.attempts}` : words``,
    task.priority === null ? words`` : words`priority ${task.priority}`,
    task.userStatus ? words`user status: ${task.userStatus}` : words``,
  ].filter(Boolean);
  const source = state.sources.get(task.source);
  const dot = words` ${signs(context.ascii).dot} `;
  const silent = silence && silenceText(silence, entry.lastNewsAt, context.nowMs);
  return [
    ...flowing([status.text, ...figures], dot, context).flatMap((text) =>
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
    ...why(entry, context),
    ...(task.retryOf ? indented(words`retry of ${plainName(task.retryOf)}`, context) : []),
    ...(task.retriedAs ? indented(words`retried as ${plainName(task.retriedAs)}`, context) : []),
    ...indented(
      words`${plainName(task.id)}${dot}${plainName(source?.kind ?? '')} ${plainName(source?.location ?? '')}`,
      context,
      'dim',
    ),
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
 * Returns when the task will be done, what that estimate rests on, how long it usually takes, and how far to trust its
 * publisher.
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
 * Returns what an estimate rests on. A history without runs of the job itself is that of jobs with the same name or
 * steps.
 */
function basisText(basis: ShownEstimate['basis'], earlierRuns: number): PlainText {
  if (basis === 'reported') return words`according to its publisher`;
  if (basis === 'history')
    return earlierRuns > 0 ? words`from earlier runs` : words`from runs of similar jobs`;
  return basis === 'steps' ? words`from the pace of its steps` : words`from its rate so far`;
}

/** Returns the reason, error or result, with all its lines. */
function why({ task }: TaskEntry, context: RenderContext): Line[] {
  const { state } = task;
  const text = state.status === 'completed' ? state.result : reasonText(task, context.nameTask);
  if (!text) return [];
  const label = state.status === 'completed' ? 'result' : state.status === 'failed' ? 'error' : 'reason';
  return indented(words`${label}: ${text}`, context, state.status === 'failed' ? 'bad' : 'plain');
}

function steps(entry: TaskEntry, context: RenderContext): Line[] {
  const { task } = entry;
  const barWidth = context.width < 60 ? 0 : 10;
  const nameWidth = Math.max(8, Math.min(60, context.width - 4 - 8 - 6 - (barWidth + 1)));
  const rows = task.steps.map((step) => {
    const glyph = glyphOfStep(step, entry, context.ascii);
    const took = stepDuration(step, task, context.nowMs);
    const progress = step.status === 'running' ? step.progress : null;
    return line(
      [
        segment('  '),
        segment(words`${glyph.text} `, glyph.tone),
        segment(alignLeft(step.name, nameWidth, context.ascii), stepTone(step)),
        segment(alignRight(took.text, 8), 'dim'),
        segment(progress === null ? '' : alignRight(percentText(progress), 6)),
        segment(
          progress === null || barWidth === 0 ? words`` : words` ${bar(progress, barWidth, context.ascii)}`,
          'busy',
        ),
      ],
      took.until,
    );
  });
  const missing = task.totalSteps - task.steps.length;
  const more = missing > 0 ? [textLine(words`    ${plural(missing, 'step')} not announced yet`, 'dim')] : [];
  const sum =
    task.totalSteps > 0 ? [textLine(words`  ${stepsDone(task)} of ${task.totalSteps} done`, 'dim')] : [];
  return rows.length === 0 ? [] : [...sum, ...rows, ...more];
}

function dependencies({ task }: TaskEntry, state: State, context: RenderContext): Line[] {
  return task.dependencies.map((id) => {
    const other = findEntry(state, id);
    const said = cut(describeTask(id, state), context.width - 4, context.ascii);
    if (!other) return textLine(words`  ? ${said}`, 'dim');
    const glyph = taskGlyph(other.task.state.status, other.newsCount, context.ascii);
    return line([segment('  '), segment(words`${glyph.text} `, glyph.tone), segment(said)]);
  });
}

function notes({ task }: TaskEntry, context: RenderContext): Line[] {
  return task.notes.flatMap(({ at, text }) => {
    const when = at === null ? '' : words`${momentText(at, context.nowMs, context.timeZone)}  `;
    return indented(words`${when}${text}`, context);
  });
}

function sessionsTitle({ task }: TaskEntry, state: State): PlainText {
  return state.sources.get(task.source)?.kind === 'nostr' ? words`providers` : words`sessions`;
}

function labels({ task }: TaskEntry, context: RenderContext): Line[] {
  return Object.entries(task.labels).flatMap(([key, value]) =>
    indented(words`${plainName(key)}: ${value}`, context),
  );
}

function commands({ task, pending, refused }: TaskEntry, context: RenderContext): Line[] {
  return [
    ...task.offers.flatMap(({ command, refusal }) =>
      indented(
        words`${commandWord(command)}${refusal ? words`: ${refusal}` : ''}`,
        context,
        refusal ? 'dim' : 'plain',
      ),
    ),
    ...(pending ? indented(ladderText(pending), context, 'busy') : []),
    ...(refused ? indented(refusalText(refused), context, 'bad') : []),
  ];
}

function paragraph(text: PlainText, context: RenderContext): Line[] {
  return text === '' ? [] : indented(text, context, 'dim');
}

function indented(text: PlainText, context: RenderContext, tone: Tone = 'plain', until = NEVER): Line[] {
  return wrap(text, context.width - 2).map((each) => line([segment('  '), segment(each, tone)], until));
}
