import { z } from 'zod';

/** One step of a task, in the dashboard's words. Times are epoch ms, `progress` 0–100. */
export const TaskStepSchema = z.object({
  index: z.int().nonnegative(),
  name: z.string(),
  status: z.enum(['pending', 'running', 'completed', 'failed']).default('pending'),
  startedAt: z.number().optional(),
  completedAt: z.number().optional(),
  progress: z.number().min(0).max(100).optional(),
  /** Our own key: its share of the whole, 1 where absent. */
  weight: z.number().nonnegative().optional(),
});

const QuestionSchema = z.object({
  text: z.string(),
  choices: z.array(z.string()).default([]),
  askedAt: z.number().optional(),
  /** Why it can be answered only where it is asked; absent if it can be answered from elsewhere. */
  refusal: z.string().optional(),
});

/** What a task asks a person, as it is published. */
export type AskedQuestion = Readonly<Omit<z.infer<typeof QuestionSchema>, 'askedAt' | 'choices'>> & {
  /** The answers to choose from; empty if any text will do. */
  readonly choices: readonly string[];
};

/** What somebody has answered to a question, and when (epoch ms). */
const AnswerSchema = z.object({
  question: z.string(),
  text: z.string(),
  by: z.string(),
  at: z.number(),
});

/** One task. `estimatedCompletionMs` estimates its whole duration; `attempts` counts from 1 and is left out at 1. */
export const TaskProgressSchema = z.object({
  taskId: z.string().min(1),
  taskName: z.string(),
  status: z.enum(['pending', 'running', 'completed', 'failed', 'cancelled']).default('pending'),
  currentStep: z.int().nonnegative().default(0),
  totalSteps: z.int().nonnegative().default(0),
  steps: z.array(TaskStepSchema).default([]),
  startedAt: z.number().optional(),
  completedAt: z.number().optional(),
  estimatedCompletionMs: z.number().nonnegative().optional(),
  error: z.string().optional(),
  attempts: z.int().positive().optional(),
  // The keys below are our own; other readers ignore them.
  host: z.string().optional(),
  cwd: z.string().optional(),
  url: z.string().optional(),
  question: QuestionSchema.optional(),
  /** The answers to its questions, the newest last. */
  answers: z.array(AnswerSchema).optional(),
  /** Why it is idle, although it is not asking for anything. */
  idle: z.string().optional(),
  lastLine: z.string().optional(),
  pid: z.int().positive().optional(),
  /** The task that this one repeats, and the one that repeats it. */
  retryOf: z.string().optional(),
  retriedAs: z.string().optional(),
  /** When it last gave a sign of life, epoch ms. */
  updatedAt: z.number().optional(),
  /** The overall progress, 0–100, when it failed or was cancelled: its steps no longer show it. */
  progress: z.number().min(0).max(100).optional(),
});

/** The process that writes a state file, so that a reader can tell when it is gone. See `ProcessIdentity`. */
const EmitterProcessSchema = z.object({
  pid: z.int().positive(),
  startTicks: z.int().nonnegative(),
  boot: z.string(),
  namespace: z.string(),
  machine: z.string(),
});

/** The full state; every emission carries all of it. `version` is the schema's, not a sequence number. */
export const DashboardStateSchema = z.object({
  version: z.int().default(1),
  timestamp: z.number(),
  workspaceId: z.string().optional(),
  userId: z.string().optional(),
  activeProject: z.string().optional(),
  widgets: z.record(z.string(), z.unknown()).default({}),
  loading: z
    .object({ isLoading: z.boolean(), loadingAgents: z.array(z.string()) })
    .default({ isLoading: false, loadingAgents: [] }),
  errors: z.record(z.string(), z.string()).default({}),
  activeTasks: z.array(TaskProgressSchema).default([]),
  /** Our own key, only in files; other readers ignore it. */
  process: EmitterProcessSchema.optional(),
});

export type TaskStep = z.infer<typeof TaskStepSchema>;
export type TaskProgress = z.infer<typeof TaskProgressSchema>;
export type DashboardState = z.infer<typeof DashboardStateSchema>;
