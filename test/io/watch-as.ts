/** Shows the source of a file to the parent process: what it says, as it says it. Run as another user. */
import { systemClock } from '../../src/clock.ts';
import { sourceId } from '../../src/model/id.ts';
import { createFileSource } from '../../src/sources/open/file-source.ts';

const path = process.argv[2] as string;
const source = await createFileSource({ id: sourceId('f'), path, clock: systemClock });
const closing = new AbortController();
process.on('message', () => closing.abort());
for await (const event of source.events({ signal: closing.signal })) process.send?.(event);
process.disconnect();
