import { Box, useFocus, useStdin } from 'ink';
import type { TaskProgress, TaskStep } from '../model/dashboard-state.ts';
import { overallProgress, percentage } from '../model/progress.ts';
import type { TaskStatus } from '../model/task.ts';
import { plainName, words } from '../model/text.ts';
import { bar, type Glyph, stepGlyph, taskGlyph } from '../present/glyphs.ts';
import type { Tone } from '../present/line.ts';
import { useKeys } from './use-keys.ts';
import { Words } from './words.tsx';

export interface TaskProgressCardProps {
  readonly task: TaskProgress;
  /** Called when `c` is pressed while the card has the focus and the task has not ended. */
  readonly onCancel?: (taskId: string) => void;
  /** Called when `d` is pressed while the card has the focus and the task has ended. */
  readonly onDismiss?: (taskId: string) => void;
  /** Whether to list the steps below the bar (the default). */
  readonly showSteps?: boolean;
}

const BAR_WIDTH = 24;

/** Shows one task of a dashboard: its name, its overall progress, and its steps. Its keys work while it has the focus (Tab). */
export function TaskProgressCard({ task, onCancel, onDismiss, showSteps = true }: TaskProgressCardProps) {
  const hasEnded = task.status !== 'pending' && task.status !== 'running';
  const action = hasEnded ? onDismiss : onCancel;
  // Without a terminal there are no keys, and Ink would crash a program that asks for them. Ink 6 and 7 leave this undefined
  // then, which `isActive` would take for true.
  const hasKeys = useStdin().isRawModeSupported === true && action !== undefined;
  const { isFocused } = useFocus({ id: task.taskId, isActive: hasKeys });
  // Listens even without the focus, so that a key that is pressed as soon as its hint appears is not lost.
  useKeys((key) => isFocused && key === (hasEnded ? 'd' : 'c') && action?.(task.taskId), {
    isActive: hasKeys,
  });

  const progress = cardProgress(task);
  return (
    <Box flexDirection="column">
      <Words bold={isFocused} wrap="truncate">
        <Sign glyph={taskGlyph(STATUS[task.status], task.currentStep, false)} />
        {words` ${plainName(task.taskName)}`}
      </Words>
      <Words wrap="truncate">
        {words`  ${bar(progress, BAR_WIDTH, false)} ${Math.floor(progress)}%`}
        {isFocused && action ? (
          <Words dimColor>{hasEnded ? words`  d dismiss` : words`  c cancel`}</Words>
        ) : null}
      </Words>
      {showSteps ? task.steps.map((step) => <StepLine key={step.index} step={step} />) : null}
      {task.error ? (
        <Words color="red" wrap="truncate">
          {words`  ${plainName(task.error)}`}
        </Words>
      ) : null}
    </Box>
  );
}

function StepLine({ step }: { readonly step: TaskStep }) {
  const figure = step.status === 'running' ? percentage(step.progress) : null;
  const progress = figure === null ? '' : words` ${Math.floor(figure)}%`;
  return (
    <Words dimColor={step.status !== 'running'} wrap="truncate">
      {words`  `}
      <Sign glyph={stepGlyph(step.status, step.index, false)} />
      {words` ${plainName(step.name)}${progress}`}
    </Words>
  );
}

function Sign({ glyph }: { readonly glyph: Glyph }) {
  const color = COLORS[glyph.tone];
  return color ? <Words color={color}>{glyph.text}</Words> : <Words>{glyph.text}</Words>;
}

const COLORS: Partial<Record<Tone, string>> = {
  dim: 'gray',
  ok: 'green',
  bad: 'red',
  wait: 'yellow',
  busy: 'blueBright', // plain blue is almost unreadable on black
  ask: 'magenta',
};

const STATUS: Record<TaskProgress['status'], TaskStatus> = {
  pending: 'queued',
  running: 'running',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** Returns the overall progress as everywhere in taskglass: the mean over the steps, with their own progress if running. */
function cardProgress({ status, steps, totalSteps }: TaskProgress): number {
  const weighed = steps.map((step) => ({ ...step, progress: step.progress ?? null, weight: 1 }));
  return overallProgress({ state: { status }, steps: weighed, totalSteps, reportedProgress: null }) ?? 0;
}
