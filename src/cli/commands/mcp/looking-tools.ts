import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { checkAgainIn, WAIT_FOR_S } from '../../../eta/check-again.ts';
import type { Io } from '../../../io/io.ts';
import { hasEnded, TASK_STATUSES } from '../../../model/task.ts';
import { plainLine } from '../../../model/text.ts';
import { countsDocument } from '../../../present/snapshot.ts';
import { awaitedStatuses, waitForGoal } from '../../../session/goal.ts';
import { parseFilter } from '../../../store/filter.ts';
import { selectEntries } from '../../../store/select.ts';
import type { TaskEntry } from '../../../store/state.ts';
import { findTask } from '../../session/find-task.ts';
import { type Session, settle } from '../../session/session.ts';
import { createLineChoice } from '../logs/choose-lines.ts';
import { readLinesAsked } from '../logs/read-request.ts';
import { Id } from './task-id.ts';
import { briefTask, refusedResult, told, wholeTask } from './tell.ts';

/** A longer list is of no use to an agent; the counts include what is left out. */
const LISTED = 100;
const LONGEST_WAIT_S = 3_600;
const USUAL_LINES = 100;
const MOST_LINES = 2_000;
const LOOKS_ONLY = { readOnlyHint: true, openWorldHint: false };

/** Adds the tools that change nothing. */
export function addLookingTools(server: McpServer, session: Session, io: Io): void {
  const { monitor, settings, isListed } = session;
  addWaitTool(server, session, io);
  addLogTool(server, session, io);

  server.registerTool(
    'list_tasks',
    {
      title: 'List tasks',
      description: 'Lists what runs, waits, has failed or has ended; what needs somebody comes first.',
      annotations: LOOKS_ONLY,
      inputSchema: z.object({
        filter: z
          .string()
          .max(1000)
          .optional()
          .describe('Words, a | b, -word, status:(running | failed), source:x, cwd:x'),
      }),
    },
    async ({ filter }) => {
      await settle(session, io);
      const isAsked = parseFilter(filter ?? '');
      const entries = selectEntries(monitor.getState(), {
        filter: (entry) => isListed(entry) && isAsked(entry),
        sort: settings.sort,
      });
      const tasks = entries.slice(0, LISTED).map((entry) => briefTask(entry, session, io));
      return told({ counts: countsDocument(entries), tasks, left_out: entries.length - tasks.length });
    },
  );

  server.registerTool(
    'get_task',
    {
      title: 'Get a task',
      description: 'Returns everything known about one task: steps, notes, times, the expected end.',
      annotations: LOOKS_ONLY,
      inputSchema: z.object({ id: Id }),
    },
    async ({ id }) => {
      const found = await findTask(session, id, io, { newest: true });
      if (found.kind === 'none') return refusedResult(found.problem);
      return told({
        ...wholeTask(found.entry, session, io),
        check_again_in: againIn([found.entry], session, io),
      });
    },
  );
}

function addWaitTool(server: McpServer, session: Session, io: Io): void {
  const { monitor } = session;
  server.registerTool(
    'wait_for',
    {
      title: 'Wait for tasks',
      description:
        'Blocks until the tasks have ended or need input, or until the time is up; then check_again_in says in how many seconds to call it again.',
      annotations: LOOKS_ONLY,
      inputSchema: z.object({
        ids: z.array(Id).min(1).max(100),
        any: z
          .boolean()
          .optional()
          .describe('Return as soon as the first of them has, instead of waiting for all'),
        until: z.array(z.enum(TASK_STATUSES)).optional().describe('Statuses to wait for, besides an end'),
        timeout_s: z.number().min(0).max(LONGEST_WAIT_S).optional().describe(`${WAIT_FOR_S} by default`),
      }),
    },
    async ({ ids, any = false, until = ['needs-input'], timeout_s = WAIT_FOR_S }, { mcpReq }) => {
      const named: TaskEntry[] = [];
      for (const id of ids) {
        const found = await findTask(session, id, io, { newest: true });
        if (found.kind === 'none') return refusedResult(found.problem);
        named.push(found.entry);
      }
      const goal = {
        ids: named.map(({ task }) => task.id),
        statuses: awaitedStatuses(until),
        isFirstEnough: any,
      };
      const signal = AbortSignal.any([io.signal, mcpReq.signal]);
      const waitMs = timeout_s * 1000;
      const { isReached, entries } = await waitForGoal(monitor, goal, { clock: io.clock, waitMs, signal });
      return told({
        reached: isReached,
        tasks: entries.map((entry) => briefTask(entry, session, io)),
        ...(!isReached && { check_again_in: againIn(entries, session, io, any) }),
      });
    },
  );
}

function addLogTool(server: McpServer, session: Session, io: Io): void {
  const { monitor } = session;
  server.registerTool(
    'get_log',
    {
      title: 'Get the output of a task',
      description: 'Returns the last lines that a task has printed, if they are kept.',
      annotations: LOOKS_ONLY,
      inputSchema: z.object({
        id: Id,
        lines: z.int().min(1).max(MOST_LINES).optional().describe(`${USUAL_LINES} by default`),
        grep: z.string().max(1000).optional().describe('A regular expression that the lines match'),
      }),
    },
    async ({ id, lines = USUAL_LINES, grep }) => {
      const asked = readLinesAsked(grep === undefined ? {} : { grep }, io.clock.now());
      if (asked.kind === 'refused') return refusedResult(asked.problem);
      const found = await findTask(session, id, io, { newest: true });
      if (found.kind === 'none') return refusedResult(found.problem);
      const tail = asked.grep === null ? { tail: lines } : {};
      const opened = await monitor.log(found.entry.task.id, { signal: io.signal, follow: false, ...tail });
      if (opened.kind === 'none') return refusedResult(opened.problem);
      const choose = createLineChoice(asked.grep, false);
      const chosen: string[] = [];
      for await (const batch of opened.lines) {
        const right = choose(batch);
        if (!right) return refusedResult({ message: plainLine('the expression takes too long') });
        chosen.push(...right.map(({ text }) => plainLine(text)));
        chosen.splice(0, Math.max(0, chosen.length - lines));
      }
      return told({ id: found.entry.task.id, lines: chosen });
    },
  );
}

/**
 * Returns the number of seconds after which it pays to wait for the last of the tasks, or the first; 0 if all have ended.
 */
function againIn(
  entries: readonly TaskEntry[],
  { monitor }: Session,
  { clock }: Io,
  isFirstEnough = false,
): number {
  const open = entries.filter(({ task }) => !hasEnded(task.state.status));
  const seconds = open.map(({ task }) => checkAgainIn(monitor.estimate(task.id, clock.now())));
  if (seconds.length === 0) return 0;
  return isFirstEnough ? Math.min(...seconds) : Math.max(...seconds);
}
