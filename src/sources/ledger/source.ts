import { dirname } from 'node:path';
import type { Clock } from '../../clock.ts';
import { followDatabase } from '../../io/follow-database.ts';
import { writeRefusal } from '../../io/writable.ts';
import type { CommandOffer } from '../../model/command.ts';
import type { SourceId } from '../../model/id.ts';
import { problem } from '../../model/problem.ts';
import { TASK_STATUSES, type TaskStatus } from '../../model/task.ts';
import { type PlainText, words } from '../../model/text.ts';
import { cancelAndRetryOffers } from '../kit/offers.ts';
import { publishedEvents } from '../kit/published-events.ts';
import type { Source } from '../kit/source.ts';
import { createAudits } from './audits.ts';
import { createLedgerCommands } from './commands.ts';
import { createLedgerReader, type LedgerNews } from './read-ledger.ts';

const GUEST_REFUSAL = words`not from a view: another program owns the database; use taskglass ledger`;
const TOO_MANY = problem(
  'too-large',
  'degraded',
  'the ledger has more than 100,000 tasks: the first of them are shown, by id',
  'taskglass ledger list-tasks finds the others',
);

/**
 * Shows a ledger's tasks, whether it has a file of its own or is a guest in a job database. It is read like any other program's
 * database; cancel and retry do the same as on the command line.
 */
export function createLedgerSource(options: {
  readonly id: SourceId;
  readonly path: string;
  readonly clock: Clock;
}): Source {
  const { id, path, clock } = options;
  let home: LedgerNews['home'] = 'own';

  const events = publishedEvents(id, (tasks) => {
    const reader = createLedgerReader(path, clock);
    const audits = createAudits(clock, async () => {
      const news = await reader.audit();
      if (news) await publish(news, clock.now());
    });
    const following = followDatabase({
      path,
      clock,
      ask() {
        audits.request();
        return reader.ask();
      },
      onValue: publish,
      onProblem: tasks.fail,
    });

    async function publish(news: LedgerNews, changedAt: number): Promise<void> {
      home = news.home;
      const context = {
        problem: news.isCut ? TOO_MANY : null,
        firstSeenAt: null,
        changedAt,
        offers: offersFor(await refusal()),
      };
      if (news.scope === 'all') tasks.publish(news.tasks, context);
      else tasks.publishSome(news.tasks, context);
    }

    return {
      async close() {
        await following.close();
        await audits.close();
      },
    };
  });

  async function refusal(): Promise<PlainText | null> {
    return home === 'guest' ? GUEST_REFUSAL : writeRefusal([path, dirname(path)]);
  }

  return {
    id,
    kind: 'ledger',
    location: path,
    events,
    commands: createLedgerCommands(path, clock, () => home === 'guest'),
  };
}

/** Returns the offers, made once for each reading: a hundred thousand tasks share them. */
function offersFor(refusal: PlainText | null): (status: TaskStatus) => readonly CommandOffer[] {
  const offers = new Map(TASK_STATUSES.map((status) => [status, cancelAndRetryOffers(status, refusal)]));
  return (status) => offers.get(status) ?? [];
}
