/** `node history-writer.ts FILE NUMBER`: learns ten runs of its own and ten that others learn too, one at a time. */
import { openRunHistory, type RunHistoryStore } from '../../src/storage/run-history.ts';

const [, , path = '', number = ''] = process.argv;
const job = { kind: 'memory', name: 'shared job', steps: ['only'] };

for (let n = 0; n < 10; n += 1) {
  for (const task of [`own ${number} ${n}`, `shared ${n}`]) {
    for (;;) {
      let history: RunHistoryStore | null = null;
      try {
        history = openRunHistory(path);
        history.learn([
          {
            job,
            task,
            startedAt: (n + 1) * 1_000_000,
            durationMs: 5_000,
            outcome: 'completed',
            events: [],
            foretold: null,
          },
        ]);
        break;
      } catch (error) {
        if (!String(error).includes('locked')) throw error;
      } finally {
        history?.close();
      }
    }
  }
}
