import type { Channel } from '../channel.ts';
import type { NotifyEvent } from '../event.ts';
import type { Poster, PostTarget } from '../post.ts';

const PUBLIC_SERVER = 'https://ntfy.sh';

/** How urgent an event is for ntfy (3 is usual), and the emoji before its title. */
const MARKS: Readonly<Record<NotifyEvent, { readonly priority: number; readonly tag: string }>> = {
  'needs-input': { priority: 4, tag: 'question' },
  failed: { priority: 4, tag: 'x' },
  review: { priority: 3, tag: 'eyes' },
  stalled: { priority: 3, tag: 'hourglass' },
  'source-down': { priority: 3, tag: 'electric_plug' },
  completed: { priority: 2, tag: 'white_check_mark' },
  'all-done': { priority: 3, tag: 'white_check_mark' },
};

/** A topic of ntfy, and its server. */
export interface NtfyTopic extends PostTarget {
  readonly topic: string;
}

/** Reads a topic of the public server, or the address of one elsewhere. */
export function ntfyTopic(
  target: string,
  headers: PostTarget['headers'],
  token: string | undefined,
): NtfyTopic {
  const address = new URL(target.includes('://') ? target : `${PUBLIC_SERVER}/${target}`);
  const topic = address.pathname.slice(1);
  address.pathname = '/';
  const login = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return { url: address.href, topic, headers: { ...login, ...headers } };
}

/** Publishes to a topic of ntfy, in its JSON form, which allows names in any script and keeps them out of headers. */
export function createNtfy(poster: Poster, topic: string): Channel {
  return {
    tell({ event, title, text, isTest }, signal) {
      const { priority, tag } = MARKS[event];
      const message = text === '' ? title : text;
      return poster.post({ topic, title, message, priority, tags: [tag] }, { signal, isOnce: isTest });
    },
    check: async () => [],
  };
}
