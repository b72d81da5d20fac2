/**
 * An agent's tool loop over a task breakdown: `taskglass task-breakdown.json` shows it working, and `c` and `r` reach
 * it. The model is played here by a function; a real one gets `tools.definitions` and answers with the same calls.
 */
import { createBreakdownTools, TaskBreakdown } from 'taskglass';

const tools = createBreakdownTools(new TaskBreakdown('task-breakdown.json'));
console.log(`tools: ${tools.definitions.map((tool) => tool.function.name).join(', ')}`);

await tools.call('write_task_list', {
  tasks: [
    { id: 'T1', description: 'Read the report', module: 'report', priority: 1 },
    { id: 'T2', description: 'Sum it up', module: 'report', priority: 2, dependencies: ['T1'] },
    { id: 'T3', description: 'Send the summary', module: 'mail', priority: 3, dependencies: ['T2'] },
  ],
});

/** What a model would answer to the last result: the next call, or nothing when all is done. */
async function nextCalls(): Promise<{ name: string; args: string }[]> {
  const { task } = (await tools.call('get_next_task', '')) as unknown as { task: { id: string } | null };
  if (!task) return [];
  const move = (status: string, result?: string) => ({
    name: 'mark_task_status',
    args: JSON.stringify({ task_id: task.id, status, result }),
  });
  return [move('in_progress'), move('completed', 'done by the agent')];
}

for (let calls = await nextCalls(); calls.length > 0; calls = await nextCalls()) {
  for (const { name, args } of calls) {
    const { status, message } = await tools.call(name, args);
    console.log(`${status}: ${message}`);
  }
}

const { message } = await tools.call('read_task_breakdown', '{}');
console.log(message);
if (message !== '3 of 3 tasks are completed') throw new Error('the agent did not finish');
