import { joined, type PlainText, words } from '../model/text.ts';
import { plural } from '../present/count.ts';
import { cut } from '../present/fit.ts';
import { type Condition, NOTIFY_EVENTS, type Notification, type NotifyEvent } from './event.ts';

/** How many are sent one by one; more are sent as one notification. */
const MOST_AT_ONCE = 3;
/** How many are named in one notification. */
const MOST_NAMED = 5;
/** In columns: no desktop shows longer names. */
const NAME_WIDTH = 80;
const TEXT_WIDTH = 240;

/** Makes notifications of what is to be sent at one moment (epoch ms): one each, or a single one if there are many. */
export function notificationsOf(conditions: readonly Condition[], at: number): Notification[] {
  if (conditions.length > MOST_AT_ONCE) return [aboutMany(conditions, at)];
  return conditions.map((condition) => aboutOne(condition, at));
}

/** Returns a notification that only tests whether it arrives. */
export function testNotification(at: number): Notification {
  const condition: Condition = {
    event: 'needs-input',
    place: 'test',
    signature: '',
    stamp: null,
    id: null,
    name: words`a test of taskglass`,
    text: words`if you can read this, notifications arrive here`,
    source: null,
    host: null,
  };
  return { ...aboutOne(condition, at), isTest: true };
}

function aboutOne(condition: Condition, at: number): Notification {
  const { event, text, source, host } = condition;
  const where = host ?? source;
  return {
    event,
    title: titleOf(condition),
    text: joined(
      [cut(text ?? words``, TEXT_WIDTH), cut(where ?? words``, NAME_WIDTH)].filter(Boolean),
      ' · ',
    ),
    conditions: [condition],
    at,
    isTest: false,
  };
}

function titleOf({ event, name }: Condition): PlainText {
  const short = cut(name, NAME_WIDTH);
  switch (event) {
    case 'needs-input':
      return words`${short} needs input`;
    case 'failed':
      return words`${short} failed`;
    case 'completed':
      return words`${short} completed`;
    case 'review':
      return words`${short} is for review`;
    case 'stalled':
      return words`${short} has gone silent`;
    case 'source-down':
      return words`${short} is down`;
    case 'all-done':
      return words`all done`;
    default:
      return event satisfies never;
  }
}

function aboutMany(conditions: readonly Condition[], at: number): Notification {
  const byUrgency = [...conditions].sort((a, b) => rank(a.event) - rank(b.event));
  const events = NOTIFY_EVENTS.filter((event) => conditions.some((each) => each.event === event));
  const counts = events.map((event) =>
    countText(event, conditions.filter((each) => each.event === event).length),
  );
  const names = byUrgency.slice(0, MOST_NAMED).map(({ name }) => cut(name, NAME_WIDTH / 2));
  const more = conditions.length - names.length;
  return {
    event: events[0] ?? 'completed',
    title: joined(counts, ', '),
    text: words`${joined(names, ', ')}${more > 0 ? words` and ${more} more` : words``}`,
    conditions: byUrgency,
    at,
    isTest: false,
  };
}

function rank(event: NotifyEvent): number {
  return NOTIFY_EVENTS.indexOf(event);
}

function countText(event: NotifyEvent, count: number): PlainText {
  switch (event) {
    case 'needs-input':
      return count === 1 ? words`1 needs input` : words`${count} need input`;
    case 'review':
      return words`${count} for review`;
    case 'stalled':
      return words`${count} silent`;
    case 'source-down':
      return words`${plural(count, 'source')} down`;
    case 'all-done':
      return words`all done`;
    default:
      return words`${count} ${event}`;
  }
}
