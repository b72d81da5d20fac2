import { randomUUID } from 'node:crypto';
import { z } from 'zod';

/** The parts of an AG-UI client's request for a run that concern us: its ids. */
const RunAgentInput = z.object({
  threadId: z.string().max(1_000),
  runId: z.string().max(1_000),
  messages: z.array(z.unknown()),
});
export type RunIds = Pick<z.output<typeof RunAgentInput>, 'threadId' | 'runId'>;

/** Reads the ids of the requested run; null if the document does not request one. */
export function readRunInput(document: unknown): RunIds | null {
  const read = RunAgentInput.safeParse(document);
  return read.success ? { threadId: read.data.threadId, runId: read.data.runId } : null;
}

/** Returns the input that starts a run of an agent, with one message or none. */
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
