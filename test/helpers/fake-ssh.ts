import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Puts an `ssh` into a directory that is first on the PATH. It runs on this machine what it should run on the host, as `sh`
 * would there, and records its arguments. `taskglass` is a script: what the host runs under that name.
 */
export async function fakeSsh(
  directory: string,
  taskglass: string,
): Promise<{ readonly env: Record<string, string | undefined>; readonly calls: string }> {
  const [here, there] = [join(directory, 'here'), join(directory, 'there')];
  const calls = join(directory, 'calls');
  for (const made of [here, there]) await mkdir(made, { recursive: true });
  const script = async (file: string, text: string) => {
    await writeFile(file, `#!/bin/sh\n${text}\n`);
    await chmod(file, 0o755);
  };
  const usual = process.env.PATH ?? '';
  await script(
    join(here, 'ssh'),
    `echo "$*" >> '${calls}'\nwhile [ "$1" != -- ]; do shift; done\nshift 2\nPATH='${there}':$PATH; exec /bin/sh -c "$*"`,
  );
  if (taskglass !== '') await script(join(there, 'taskglass'), taskglass);
  return { env: { ...process.env, PATH: `${here}:${usual}` }, calls };
}
