// Prints what a directory holds, with ETAs that earlier runs have taught: node examples/what-runs-here.ts [DIR]
import { openSession } from 'taskglass';

const session = await openSession({ cwd: process.argv[2] ?? process.cwd() });
await session.settled();
for (const { task, eta } of session.tasks()) {
  const left = eta === null ? '' : `, done in about ${Math.round(eta.remainingMs / 1000)} s`;
  console.log(`${task.name}: ${task.state.status}${left}`);
}
await session.close();
