import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { type Figure, percentile, short } from './figure.ts';
import { renamingDelays } from './file-latency.ts';
import { BIN, inScratchFolder, openTaskglass, pause, quit } from './program.ts';
import { manyTasks, writeStateFile } from './state-file.ts';

/** Measures the time from a file's replacement on a host to the change on a screen here, through this machine's own OpenSSH. */
export function measureSshLatency(): Promise<Figure[]> {
  return inScratchFolder(async (folder) => {
    const host = join(folder, 'host');
    mkdirSync(host);
    const file = join(host, 'state.json');
    const tasks = manyTasks(38, 'running');
    writeStateFile(file, tasks);
    const server = await startSshd(folder, host);
    const env = { ...process.env, PATH: `${join(folder, 'here')}:${process.env.PATH}` };
    const terminal = openTaskglass(folder, ['ssh:localhost'], { rows: 44, env });
    const delays = await renamingDelays(terminal, file, tasks);
    await quit(terminal);
    server.kill();
    const [p50, p95] = [percentile(delays, 50), percentile(delays, 95)];
    const measured = `p50 ${short(p50)}, p95 ${short(p95)} ms (${delays.length} times)`;
    return [{ what: 'ssh:localhost, change to glass, p95', measured, value: p95, bound: 80, unit: ' ms' }];
  });
}

/**
 * Starts an SSH server with keys of its own, whose `taskglass` shows the contents of `host`, and puts an `ssh` into the
 * directory `here` that reaches it as `localhost`.
 */
async function startSshd(folder: string, host: string) {
  const port = await freePort();
  const at = (name: string) => join(folder, name);
  for (const key of ['host-key', 'user-key'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(key)]);
  script(
    at('there/taskglass'),
    `cd '${host}' && HOME='${host}' exec '${process.execPath}' '${BIN}' "$@" state.json`,
  );
  writeFileSync(
    at('sshd_config'),
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${at('host-key')}`,
      `AuthorizedKeysFile ${at('user-key.pub')}`,
      'StrictModes no',
      'PidFile none',
      `SetEnv PATH=${at('there')}:/usr/local/bin:/usr/bin:/bin`,
      '',
    ].join('\n'),
  );
  const user = userInfo().username;
  const options = `-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o IdentitiesOnly=yes`;
  script(
    at('here/ssh'),
    `exec /usr/bin/ssh -F none -p ${port} -l ${user} -i '${at('user-key')}' ${options} "$@"`,
  );
  const server = spawn('/usr/sbin/sshd', ['-D', '-f', at('sshd_config'), '-E', at('sshd.log')]);
  await pause(500);
  return server;
}

function script(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
