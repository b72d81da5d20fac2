/** The far end of a tunnel, for a test: sends back on each connection what comes on it. */
import { serveTunnel } from '../../src/io/tunnel.ts';

const tunnel = await serveTunnel({ input: process.stdin, output: process.stdout }, (connection) =>
  connection.pipe(connection),
);
await tunnel.ended;
process.exit(0);
