import { randomUUID } from 'node:crypto';
import { z } from 'zod';

/** What an AG-UI client posts to start a run, as far as it concerns us: the ids that the run goes by. */
const RunAgentInput = z.object({
  threadId: z.string().max(1_000),
  runId: z.string().max(1_000),
  messages: z.array(z.unknown()),
});
export type RunIds = Pick<z.output<typeof RunAgentInput>, 'threadId' | 'runId'>;

/** Reads the ids of the run that is asked for; null if the document asks for none. */
export function readRunInput(document: unknown): RunIds | null {
  const read = RunAgentInput.safeParse(document);
  return read.success ? { threadId: read.data.threadId, runId: read.data.runId } : null;
}

/** Returns what starts a run of an agent, with one message or none. */
export function runInput(message: string | null): object {
  return {
    threadId: randomUUID(),
    runId: randomUUID(),
    state: {},
    messages: message === null ? [] : [{ id: randomUUID(), role: 'user', content: message }],
    tools: [],
    context: [],
    forwardedProps: {},
  };
}
