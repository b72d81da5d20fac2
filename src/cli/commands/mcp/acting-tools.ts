import { resolve } from 'node:path';
import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Io } from '../../../io/io.ts';
import { ANSWER_LIMIT_BYTES } from '../../../model/answer.ts';
import type { CommandName } from '../../../model/command.ts';
import { problem } from '../../../model/problem.ts';
import { plainName } from '../../../model/text.ts';
import { waitUntil } from '../../../session/settled.ts';
import { allEntries, findEntry } from '../../../store/state.ts';
import { findTask } from '../../session/find-task.ts';
import type { Session } from '../../session/session.ts';
import { startDetached } from '../run/detach.ts';
import { Id } from './task-id.ts';
import { briefTask, refusedResult, told } from './tell.ts';

/** How long to wait until a new run appears, and until a command is answered. */
const SEEN_WITHIN_MS = 5_000;
const ANSWERED_WITHIN_MS = 12_000;

const NOT_AN_AGENTS_TO_ALLOW = problem(
  'not-allowed',
  'degraded',
  'answer: only a person may allow what an agent asks',
  "tell them about it: they answer in taskglass, or in the agent's own terminal",
);

/** Adds the tools that start, end or answer something. */
export function addActingTools(server: McpServer, session: Session, io: Io): void {
  const { monitor } = session;
  const wait = (isTrue: Parameters<typeof waitUntil>[1], waitMs: number) =>
    waitUntil(monitor, isTrue, { clock: io.clock, waitMs, signal: io.signal });

  /** Sends a command, and returns the task's state once its source has reported. */
  async function send(id: string, command: CommandName, argument?: string) {
    const found = await findTask(session, id, io);
    if (found.kind === 'none') return refusedResult(found.problem);
    const { id: taskId, source } = found.entry.task;
    if (command === 'answer' && monitor.getState().sources.get(source)?.kind === 'claude')
      return refusedResult(NOT_AN_AGENTS_TO_ALLOW);
    const result = await monitor.send(taskId, command, argument);
    if (result.kind === 'refused') return refusedResult(result.problem);
    await wait((state) => !findEntry(state, taskId)?.pending, ANSWERED_WITHIN_MS);
    const after = findEntry(monitor.getState(), taskId);
    if (after?.refused) return refusedResult(after.refused.problem);
    return told(after ? briefTask(after, session, io) : { id: taskId, status: 'gone' });
  }

  server.registerTool(
    'run',
    {
      title: 'Run a command',
      description:
        'Starts a command in the background, and returns its id at once. Its progress is read from its output, which is kept.',
      annotations: { destructiveHint: true },
      inputSchema: z.object({
        command: z
          .array(z.string())
          .min(1)
          .describe('The program and its arguments; ["sh", "-c", "…"] for a shell'),
        cwd: z.string().optional().describe('The directory; that of this server by default'),
        name: z.string().max(4096).optional(),
      }),
    },
    async ({ command, cwd = '.', name }) => {
      const place = { cwd: resolve(io.cwd, cwd), env: io.env };
      const started = await startDetached(command, name === undefined ? {} : { name }, place);
      if (!('id' in started)) return refusedResult({ message: plainName(started.said.trim()) });
      const entryIn = (state: Parameters<typeof allEntries>[0]) =>
        allEntries(state).find(({ task }) => task.nativeId === started.id);
      await wait((state) => entryIn(state) !== undefined, SEEN_WITHIN_MS);
      const entry = entryIn(monitor.getState());
      return told(entry ? briefTask(entry, session, io) : { id: started.id, status: 'running' });
    },
  );

  server.registerTool(
    'cancel',
    {
      title: 'Cancel a task',
      description: 'Asks a task to end.',
      annotations: { destructiveHint: true, idempotentHint: true },
      inputSchema: z.object({ id: Id }),
    },
    ({ id }) => send(id, 'cancel'),
  );

  server.registerTool(
    'answer',
    {
      title: 'Answer a question',
      description:
        'Answers the question that a task asks, with a text or the number of a choice. Ask the person first.',
      annotations: { destructiveHint: true },
      inputSchema: z.object({ id: Id, text: z.string().min(1).max(ANSWER_LIMIT_BYTES) }),
    },
    ({ id, text }) => send(id, 'answer', text),
  );
}
