import { readFile } from 'node:fs/promises';

const LISTENING = '0A';
/** As the kernel writes them: 127.0.0.1 and the any-address, then ::1, the any-address, and 127.0.0.1 in IPv6. */
const HERE = new Set([
  '0100007F',
  '00000000',
  '00000000000000000000000001000000',
  '00000000000000000000000000000000',
  '0000000000000000FFFF00000100007F',
]);

/**
 * Returns the ids of the users who listen on a port of this machine, lowest first; empty if nobody does, or if the system
 * does not say (only Linux does).
 */
export async function ownersOfPort(port: number): Promise<number[]> {
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => ''));
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const owners = (await Promise.all(tables))
    .flatMap((table) => table.split('\n'))
    .map((line) => line.trim().split(/\s+/u))
    .filter(
      ([, local = '', , state]) =>
        state === LISTENING && local.endsWith(suffix) && HERE.has(local.slice(0, -5)),
    )
    .map((fields) => Number(fields[7]));
  return [...new Set(owners)].sort((a, b) => a - b);
}
