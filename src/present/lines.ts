import type { ShownEstimate } from '../eta/shown-estimate.ts';
import type { TaskId } from '../model/id.ts';
import { problemText } from '../model/problem.ts';
import { overallProgress } from '../model/progress.ts';
import { currentStep, hasEnded, isOwnOnlyStep, stepNumber, type Task } from '../model/task.ts';
import { joined, type PlainText, plainName, words } from '../model/text.ts';
import { selectCounts } from '../store/select.ts';
import { type Silence, silenceOf } from '../store/stall.ts';
import { countEntries, type SourceRecord, type State, type TaskEntry } from '../store/state.ts';
import { countsText, plural } from './count.ts';
import { durationText } from './duration.ts';
import { etaWords } from './eta.ts';
import { cut } from './fit.ts';
import { reasonText } from './reason.ts';

/** A result may have pages; a line of a log shows no more than this. */
const WHY_WIDTH = 200;

/** The `--plain` log: what has become worth a line since the last call. */
export interface PlainLog {
  /** Returns lines for each change of status, step or ten percent, of a command, a stall, or a source's state. */
  next(state: State, entries: readonly TaskEntry[], nowMs: number): PlainText[];
}

export function createPlainLog(options: {
  readonly stallAfterMs: number;
  readonly ascii?: boolean;
  readonly estimate?: (id: TaskId, nowMs: number) => ShownEstimate | null;
}): PlainLog {
  const told = new Map<string, string>();

  /** Returns the line, unless the last one about `subject` had the same `gist`, which is the part that makes it news. */
  const news = (subject: string, gist: string, line: () => PlainText): PlainText[] => {
    if (told.get(subject) === gist) return [];
    told.set(subject, gist);
    return [line()];
  };

  const etaOf = ({ task }: TaskEntry, nowMs: number) =>
    task.state.status === 'running'
      ? etaWords(options.estimate?.(task.id, nowMs) ?? null, { nowMs, ascii: options.ascii ?? false })
      : words``;

  return {
    next(state, entries, nowMs) {
      const stamp = (text: PlainText) => words`${timeText(nowMs)} ${text}`;
      const ofSources = [...state.sources.values()].flatMap((source) =>
        news(`source ${source.id}`, sourceLine(source), () => stamp(sourceLine(source))),
      );
      const ofTasks = entries.flatMap((entry) => {
        const silence = silenceOf(entry, nowMs, options.stallAfterMs);
        return [
          ...news(`task ${entry.task.id}`, taskGist(entry, silence), () =>
            stamp(taskLine(entry, silence, etaOf(entry, nowMs))),
          ),
          ...commandLines(entry).flatMap((line) => news(`command ${entry.task.id}`, line, () => stamp(line))),
        ];
      });
      return [...ofSources, ...ofTasks];
    },
  };
}

/** Returns a list in one line: `5 tasks: 2 completed, 3 running (3 sources)`; `2 of 5 tasks: …` if a filter hides some. */
export function summaryLine(listed: readonly TaskEntry[], state: State): PlainText {
  const all = countEntries(state);
  const tasks =
    listed.length === all ? plural(all, 'task') : words`${listed.length} of ${plural(all, 'task')}`;
  const counts = listed.length === 0 ? '' : words`: ${countsText(selectCounts(listed))}`;
  return words`${all === 0 ? 'no tasks' : tasks}${counts} (${plural(state.sources.size, 'source')})`;
}

/** Returns one task in one line, as `taskLine` does, with an id that commands accept. */
export function taskLineWithId(entry: TaskEntry, silence: Silence | null, eta: PlainText): PlainText {
  return taskLine(entry, silence, eta, plainName(entry.task.id));
}

/**
 * Returns one task in one line, without a timestamp: status, progress, name, step and reason (or the last line printed),
 * remaining time, and its source.
 */
export function taskLine(
  entry: TaskEntry,
  silence: Silence | null,
  eta: PlainText = words``,
  from: PlainText = plainName(entry.task.source),
): PlainText {
  const { task } = entry;
  const progress = overallProgress(task);
  const percent = progress === null ? words`` : words`${Math.floor(progress)}%`;
  const last = silence ? silenceText(silence) : eta;
  const now = [stepText(task), whyText(task)].filter(Boolean);
  const said = now.length > 0 ? now : [cut(task.lastLine ?? words``, WHY_WIDTH)];
  const parts = [task.name, ...said, last].filter(Boolean);
  return words`${words`${task.state.status}`.padEnd(11)} ${percent.padStart(4)}  ${joined(parts, ' · ')}  [${from}]`;
}

/** Returns the parts of a task whose change is worth a line. */
function taskGist({ task }: TaskEntry, silence: Silence | null): string {
  const tens = Math.floor((overallProgress(task) ?? 0) / 10);
  return JSON.stringify([
    task.state.status,
    task.attempts,
    stepText(task),
    tens,
    whyText(task),
    silence !== null,
  ]);
}

function stepText(task: Task): PlainText {
  const step = currentStep(task);
  if (!step || hasEnded(task.state.status) || isOwnOnlyStep(task)) return words``;
  return words`${stepNumber(task)}/${task.totalSteps} ${step.name}`;
}

function whyText(task: Task): PlainText {
  const text = task.state.status === 'completed' ? task.state.result : reasonText(task);
  const [first = words``, ...more] = (text ?? words``).split('\n');
  return cut(more.length > 0 ? words`${first} …` : first, WHY_WIDTH);
}

function silenceText({ silentMs, usualGapMs }: Silence): PlainText {
  const usual = usualGapMs === null ? '' : words`, usual gap ${durationText(usualGapMs)}`;
  return words`silent ${durationText(silentMs)}${usual}`;
}

function commandLines(entry: TaskEntry): PlainText[] {
  const where = words`${entry.task.name}  [${entry.task.source}]`;
  if (entry.pending) return [words`${entry.pending.command} ${stageText(entry.pending.stage)} · ${where}`];
  if (entry.refused) return [words`${entry.refused.problem.message} · ${where}`];
  return [];
}

function stageText(stage: NonNullable<TaskEntry['pending']>['stage']): PlainText {
  return stage.stage === 'accepted' ? words`accepted by ${stage.by} of ${stage.of}` : words`${stage.stage}`;
}

function sourceLine(source: SourceRecord): PlainText {
  const said = source.problem ? words` · ${problemText(source.problem)}` : '';
  return words`source ${source.id} is ${source.status}${said}`;
}

/** Returns a time in UTC, to the second, because logs are read elsewhere. */
function timeText(ms: number): PlainText {
  return plainName(`${new Date(ms).toISOString().slice(0, 19)}Z`);
}
