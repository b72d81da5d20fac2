import { sourceId } from '../../../src/model/id.ts';
import { problem } from '../../../src/model/problem.ts';
import { refused } from '../../../src/model/refused.ts';
import type { TaskState } from '../../../src/model/task.ts';
import { plainName, words } from '../../../src/model/text.ts';
import { createMemorySource, type MemorySource } from '../../../src/sources/kit/memory.ts';
import { cancelAndRetryOffers } from '../../../src/sources/kit/offers.ts';
import { describeSourceContract, type WorldStatus } from '../source-contract.ts';

describeSourceContract('the memory source', async () => {
  const names = new Map<string, string>();
  let obeys = false;
  const command = (status: 'cancelled' | 'running') => async (nativeId: string) => {
    if (!names.has(nativeId)) return refused('not-allowed', words`there is no such task`);
    if (obeys) put(nativeId, status);
    return { kind: 'sent' } as const;
  };
  const source: MemorySource = createMemorySource({
    id: sourceId('memory'),
    commands: { cancel: command('cancelled'), retry: command('running') },
  });

  function put(nativeId: string, status: WorldStatus | 'cancelled'): void {
    const name = plainName(names.get(nativeId) as string);
    source.put({
      nativeId,
      name,
      state: stateOf(status),
      steps: [],
      totalSteps: 0,
      reportedProgress: null,
      reportedEndAt: null,
      startedAt: null,
      updatedAt: null,
      attempts: 1,
      priority: null,
      dependencies: [],
      notes: [],
      sessions: [],
      labels: {},
      offers: cancelAndRetryOffers(status, null),
      raw: null,
    });
  }

  return {
    source,
    async add({ name, status }) {
      const nativeId = `t${names.size + 1}`;
      names.set(nativeId, name);
      put(nativeId, status);
      return nativeId;
    },
    change: async (nativeId, status) => put(nativeId, status),
    remove: async (nativeId) => source.remove(nativeId),
    breakDown: async () => source.fail(problem('unreachable', 'down', 'the memory is lost', 'remember')),
    mend: async () => source.live(),
    obey: async () => {
      obeys = true;
    },
    close: async () => {},
  };
});

function stateOf(status: WorldStatus | 'cancelled'): TaskState {
  if (status === 'queued' || status === 'running') return { status, reason: null };
  if (status === 'completed') return { status, endedAt: null, result: null };
  if (status === 'failed') return { status, endedAt: null, error: null };
  return { status, endedAt: null, reason: null };
}
