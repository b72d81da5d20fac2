import { z } from 'zod';
import { parseJson } from '../../io/json-text.ts';
import { errorMessage } from '../../model/problem.ts';
import { plainName } from '../../model/text.ts';
import type { TaskBreakdown } from './breakdown.ts';
import { BREAKDOWN_STATUSES, type RawTask } from './moves.ts';

/** A tool in the form that agents' APIs expect: a name, what it does, and the JSON Schema of its arguments. */
export interface ToolDefinition {
  readonly type: 'function';
  readonly function: {
    readonly name: string;
    readonly description: string;
    readonly parameters: Readonly<Record<string, unknown>>;
  };
}

/** The answer of a tool: `status` is `success` or `error`, `message` says what happened. Always JSON. */
export type ToolResult = { readonly status: 'success' | 'error'; readonly message: string } & Readonly<
  Record<string, unknown>
>;

/** The breakdown's methods as tools for an agent's loop. */
export interface BreakdownTools {
  readonly definitions: readonly ToolDefinition[];
  /** Calls a tool by its name; `args` is an object or the JSON text of one. Never rejects. */
  call(name: string, args: unknown): Promise<ToolResult>;
}

export function createBreakdownTools(breakdown: TaskBreakdown): BreakdownTools {
  const tools = toolsOf(breakdown);
  return {
    definitions: tools.map(({ name, description, parameters }) => ({
      type: 'function',
      function: {
        name,
        description,
        parameters: withoutDialect(z.toJSONSchema(parameters, { io: 'input' })),
      },
    })),
    async call(name, args) {
      const tool = tools.find((known) => known.name === name);
      if (!tool) {
        const names = tools.map((known) => known.name).join(', ');
        return { status: 'error', message: `unknown tool ${plainName(String(name))}: there are ${names}` };
      }
      try {
        return { status: 'success', ...(await tool.run(args)) };
      } catch (error) {
        return { status: 'error', message: wordsOf(error) };
      }
    },
  };
}

interface Tool {
  readonly name: string;
  readonly description: string;
  readonly parameters: z.ZodType;
  run(args: unknown): Promise<{ readonly message: string } & Record<string, unknown>>;
}

const TaskId = z.string().min(1).describe('Task id, such as "T1"');
const Status = z.enum(BREAKDOWN_STATUSES);
const StatusMove = z.object({
  task_id: TaskId,
  status: Status.describe('The new status'),
  notes: z.string().optional().describe('A note on the change; it is kept with its time'),
  result: z.string().optional().describe('What came of it, in short, for completed and failed'),
  failure_details: z.string().optional().describe('Error message and stack trace of a failure'),
});
const Update = z.object({
  task_id: TaskId,
  updates: z
    .record(z.string(), z.unknown())
    .describe('Keys to set, such as {"priority": 1, "dependencies": ["T1"]}; not id and status'),
});
const NewTask = z.looseObject({
  id: TaskId,
  description: z.string(),
  module: z.string().optional(),
  priority: z.number().optional().describe('Lower comes first'),
  dependencies: z.array(z.string()).optional().describe('Ids of the tasks that must be completed before'),
  estimated_complexity: z.enum(['low', 'medium', 'high']).optional(),
});

function toolsOf(breakdown: TaskBreakdown): Tool[] {
  return [
    tool(
      'write_task_list',
      'Write a new task breakdown, replacing the one there is. Status fields are made: pending, never tried.',
      z.object({ tasks: z.array(NewTask) }),
      async ({ tasks }) => {
        await breakdown.writeTaskList(tasks);
        return { message: `${tasks.length} tasks written`, total_tasks: tasks.length };
      },
    ),
    tool(
      'read_task_breakdown',
      'Read the whole task breakdown: all tasks, how many are in each status, and the overall percentage.',
      z.object({}),
      async () => {
        const read = await breakdown.readTaskBreakdown();
        return { message: `${read.completed_count} of ${read.total_tasks} tasks are completed`, ...read };
      },
    ),
    tool(
      'get_next_task',
      'Get the pending task to work on next: its dependencies are completed, and its priority comes first. null when none is ready.',
      z.object({
        skip_dependencies: z.boolean().optional().describe('Whether unfinished dependencies do not matter'),
      }),
      async ({ skip_dependencies = false }) => {
        const task = await breakdown.getNextTask({ skipDependencies: skip_dependencies });
        return { message: nextWords(task), task };
      },
    ),
    tool(
      'mark_task_status',
      'Mark the status of a task, to report that it was started, completed, failed, or is to be tried again.',
      StatusMove,
      async (move) => {
        await breakdown.markTaskStatuses([fromMove(move)]);
        const { task_id, status } = move;
        return { message: `Task ${task_id} marked as ${status}`, task_id, new_status: status };
      },
    ),
    tool(
      'mark_task_statuses',
      'Mark the status of several tasks at once: all of them or none.',
      z.object({ changes: z.array(StatusMove).min(1) }),
      async ({ changes }) => {
        await breakdown.markTaskStatuses(changes.map(fromMove));
        return { message: `${changes.length} tasks marked` };
      },
    ),
    tool(
      'update_task',
      'Update a task: description, priority, complexity, dependencies or any other key.',
      Update,
      async ({ task_id, updates }) => {
        await breakdown.updateTask(task_id, updates);
        return { message: `Task ${task_id} updated`, updates };
      },
    ),
    tool(
      'update_tasks',
      'Update several tasks at once: all of them or none.',
      z.object({ changes: z.array(Update).min(1) }),
      async ({ changes }) => {
        await breakdown.updateTasks(changes.map(({ task_id, updates }) => ({ taskId: task_id, updates })));
        return { message: `${changes.length} tasks updated` };
      },
    ),
    tool(
      'reset_interrupted',
      'After a crash: put the tasks that were in progress back to pending.',
      z.object({}),
      async () => {
        const ids = await breakdown.resetInterrupted();
        return { message: `${ids.length} tasks reset`, task_ids: ids };
      },
    ),
    tool(
      'get_task_history',
      'Every change of status so far, the oldest first; of one task, or of all.',
      z.object({ task_id: TaskId.optional() }),
      async ({ task_id }) => {
        const history = await breakdown.getTaskHistory(task_id);
        return { message: `${history.length} changes`, history };
      },
    ),
  ];
}

function tool<Schema extends z.ZodType>(
  name: string,
  description: string,
  parameters: Schema,
  run: (args: z.infer<Schema>) => ReturnType<Tool['run']>,
): Tool {
  return { name, description, parameters, run: async (args) => run(parameters.parse(readArguments(args))) };
}

/** Reads arguments: models send the text of a JSON object, or nothing if there are none. */
function readArguments(args: unknown): unknown {
  if (args === undefined || args === null || args === '') return {};
  if (typeof args !== 'string') return args;
  const parsed = parseJson(args);
  if ('value' in parsed) return parsed.value;
  throw new Error(`the arguments are not JSON: ${parsed.explain().what}`);
}

function fromMove({ task_id, status, notes, result, failure_details }: z.infer<typeof StatusMove>) {
  return {
    taskId: task_id,
    status,
    ...(notes === undefined ? {} : { notes }),
    ...(result === undefined ? {} : { result }),
    ...(failure_details === undefined ? {} : { failureDetails: failure_details }),
  };
}

function nextWords(task: RawTask | null): string {
  if (!task) return 'No pending task is ready (all are completed, failed, in progress, or blocked)';
  return `Next task: ${String(task.id)} - ${String(task.description ?? '')}`;
}

function wordsOf(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return errorMessage(error);
}

function withoutDialect({ $schema: _, ...schema }: Record<string, unknown>): Record<string, unknown> {
  return schema;
}
