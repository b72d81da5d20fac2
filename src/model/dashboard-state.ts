import { z } from 'zod';

/**
 * The dashboard state as its producers mean it (FORMATS 1), in their words: what an emitter writes parses with these.
 * What is read from outside is more varied, and goes through `format.ts`. Times are epoch ms, progress is 0–100.
 */

const time = z.number().int().nonnegative();

export const TaskStepSchema = z.object({
  index: z.number().int().nonnegative(),
  name: z.string(),
  status: z.enum(['pending', 'running', 'completed', 'failed']),
  startedAt: time.optional(),
  completedAt: time.optional(),
  progress: z.number().min(0).max(100).optional(),
});
export type TaskStep = z.infer<typeof TaskStepSchema>;

export const TaskProgressSchema = z.object({
  taskId: z.string().min(1),
  taskName: z.string(),
  status: z.enum(['pending', 'running', 'completed', 'failed', 'cancelled']),
  /** The index of the step touched last. */
  currentStep: z.number().int().nonnegative(),
  totalSteps: z.number().int().nonnegative(),
  steps: z.array(TaskStepSchema),
  startedAt: time.optional(),
  completedAt: time.optional(),
  /** An estimate of the task's whole duration, ms. */
  estimatedCompletionMs: z.number().nonnegative().optional(),
  error: z.string().optional(),
});
export type TaskProgress = z.infer<typeof TaskProgressSchema>;

export const DashboardStateSchema = z.object({
  /** The schema's version, not a counter. */
  version: z.literal(1),
  timestamp: time,
  workspaceId: z.string().optional(),
  userId: z.string().optional(),
  activeProject: z.string().optional(),
  widgets: z.record(z.string(), z.unknown()),
  loading: z.looseObject({ isLoading: z.boolean(), loadingAgents: z.array(z.string()) }),
  errors: z.record(z.string(), z.string()),
  activeTasks: z.array(TaskProgressSchema),
});
export type DashboardState = z.infer<typeof DashboardStateSchema>;
