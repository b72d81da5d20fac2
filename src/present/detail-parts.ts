import { stepsDone } from '../model/task.ts';
import { type PlainText, plainName, words } from '../model/text.ts';
import { findEntry, type State, type TaskEntry } from '../store/state.ts';
import { commandWord, ladderText, refusalText } from './command.ts';
import { plural } from './count.ts';
import { elapsedText, momentText } from './duration.ts';
import { alignLeft, alignRight, cut, cutLine, wrap } from './fit.ts';
import { bar, signs, taskGlyph } from './glyphs.ts';
import { type Line, line, NEVER, segment, type Tone, textLine } from './line.ts';
import type { HeldLog } from './log.ts';
import { describeTask } from './reason.ts';
import type { RenderContext } from './render-context.ts';
import { percentText } from './row.ts';
import { glyphOfStep, stepDuration, stepTone } from './steps.ts';

/** Returns the question, since when it has been open, and the possible answers. */
export function question({ task }: TaskEntry, context: RenderContext): Line[] {
  const asked = task.state.status === 'needs-input' ? task.question : null;
  if (!asked) return [];
  const since =
    asked.askedAt === null || asked.askedAt === undefined ? null : elapsedText(asked.askedAt, context.nowMs);
  const heading = line(
    [segment(words`question`, 'strong'), segment(since ? words`  asked ${since.text} ago` : words``, 'dim')],
    since?.until ?? NEVER,
  );
  const choices = asked.choices.flatMap((choice, index) => indented(words`${index + 1}  ${choice}`, context));
  return [heading, ...indented(asked.text, context, 'ask'), ...choices];
}

export function steps(entry: TaskEntry, context: RenderContext): Line[] {
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

export function dependencies({ task }: TaskEntry, state: State, context: RenderContext): Line[] {
  return task.dependencies.map((id) => {
    const other = findEntry(state, id);
    const said = cut(describeTask(id, state), context.width - 4, context.ascii);
    if (!other) return textLine(words`  ? ${said}`, 'dim');
    const glyph = taskGlyph(other.task.state.status, other.newsCount, context.ascii);
    return line([segment('  '), segment(words`${glyph.text} `, glyph.tone), segment(said)]);
  });
}

export function notes({ task }: TaskEntry, context: RenderContext): Line[] {
  return task.notes.flatMap(({ at, text }) => {
    const when = at === null ? '' : words`${momentText(at, context.nowMs, context.timeZone)}  `;
    return indented(words`${when}${text}`, context);
  });
}

export function sessionsTitle({ task }: TaskEntry, state: State): PlainText {
  return state.sources.get(task.source)?.kind === 'nostr' ? words`providers` : words`sessions`;
}

export function labels({ task }: TaskEntry, context: RenderContext): Line[] {
  return Object.entries(task.labels).flatMap(([key, value]) =>
    indented(words`${plainName(key)}: ${value}`, context),
  );
}

/** Returns where the task runs, and the names by which it is known. */
export function place(entry: TaskEntry, state: State, context: RenderContext): Line[] {
  const { task } = entry;
  const source = state.sources.get(task.source);
  const dot = words` ${signs(context.ascii).dot} `;
  const rows: readonly (readonly [PlainText, PlainText | null | undefined])[] = [
    [words`host`, task.host],
    [words`directory`, task.cwd],
    [words`repository`, task.repo === task.cwd ? null : task.repo],
    [words`address`, task.url],
    [words`retry of`, task.retryOf && plainName(task.retryOf)],
    [words`retried as`, task.retriedAs && plainName(task.retriedAs)],
  ];
  return [
    ...rows.flatMap(([key, value]) => (value ? indented(words`${key}: ${value}`, context) : [])),
    ...indented(
      words`${plainName(task.id)}${dot}${plainName(source?.kind ?? '')} ${plainName(source?.location ?? '')}`.trimEnd(),
      context,
      'dim',
    ),
  ];
}

/** Returns which commands are refused, and why, and the state of the last command. */
export function commands({ task, pending, refused }: TaskEntry, context: RenderContext): Line[] {
  return [
    ...task.offers.flatMap(({ command, refusal }) =>
      refusal ? indented(words`${commandWord(command)}: ${refusal}`, context, 'dim') : [],
    ),
    ...(pending ? indented(ladderText(pending), context, 'busy') : []),
    ...(refused ? indented(refusalText(refused), context, 'bad') : []),
  ];
}

/** Returns the last lines that the task has printed, as many as there is room for. */
export function output(log: HeldLog | null, context: RenderContext, room: number): Line[] {
  const last = log?.lines.slice(-room) ?? [];
  return last.map(({ text, stream }) =>
    cutLine(
      [segment('  '), segment(text, stream === 'note' ? 'dim' : 'plain')],
      context.width,
      context.ascii,
    ),
  );
}

/** Returns a heading with the lines below it; nothing if there are none. */
export function section(heading: PlainText, lines: readonly Line[]): Line[] {
  return lines.length === 0 ? [] : [textLine(heading, 'strong'), ...lines];
}

/** Returns text of any length, indented by two columns. */
export function indented(
  text: PlainText,
  context: RenderContext,
  tone: Tone = 'plain',
  until = NEVER,
): Line[] {
  return wrap(text, context.width - 2).map((each) => line([segment('  '), segment(each, tone)], until));
}
