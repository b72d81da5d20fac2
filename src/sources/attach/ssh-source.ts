import type { Clock } from '../../clock.ts';
import type { SourceId } from '../../model/id.ts';
import type { Environment } from '../../storage/home.ts';
import type { Source } from '../kit/source.ts';
import { createAttachedSource } from './source.ts';
import type { SshHost } from './ssh-place.ts';
import { createSshWay } from './ssh-way.ts';

/** Only the path of the address is sent: the host is the end of the tunnel. */
const URL_THERE = 'http://127.0.0.1/';

/** Creates the source of what the taskglass of another host shows, which `ssh` starts there (`ssh:HOST`). */
export function createSshSource(options: {
  readonly id: SourceId;
  readonly host: SshHost;
  readonly clock: Clock;
  readonly env: Environment;
}): Source {
  const { id, host, clock } = options;
  const way = createSshWay(options);
  const attached = createAttachedSource({ id, url: URL_THERE, clock, fetch: way.fetch, where: host.shown });
  return {
    ...attached,
    location: `ssh:${host.shown}`,
    async *events(reading) {
      try {
        yield* attached.events(reading);
      } finally {
        await way.close();
      }
    },
  };
}
