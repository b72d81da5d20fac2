import { spawnSync } from 'node:child_process';
import { homedir, userInfo } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { userDirectories } from '../../src/storage/directories.ts';

const MODULE = new URL('../../src/storage/directories.ts', import.meta.url).href;

/** The directories in a process with no environment but `env`, which becomes another user before it asks. */
function directoriesWith(env: NodeJS.ProcessEnv, uid?: number) {
  const script = `
    import { userDirectories } from '${MODULE}';
    if (${uid}) process.setuid(${uid});
    console.log(JSON.stringify(userDirectories(process.env)))`;
  const words = ['--input-type=module', '-e', script];
  return JSON.parse(spawnSync(process.execPath, words, { cwd: '/', env, encoding: 'utf8' }).stdout);
}

describe('the directories of a user', () => {
  it('are all in one where TASKGLASS_HOME names it', () => {
    expect(userDirectories({ TASKGLASS_HOME: '/x' })).toEqual({
      config: '/x',
      data: '/x',
      state: '/x',
      runs: '/x/runs',
    });
  });

  describe.runIf(process.platform === 'linux')('on Linux', () => {
    it('are where XDG says, unless that is no absolute path', () => {
      expect(
        userDirectories({ XDG_CONFIG_HOME: '/c', XDG_DATA_HOME: 'relative', XDG_STATE_HOME: '' }),
      ).toEqual({
        config: '/c/taskglass',
        data: path.join(homedir(), '.local/share/taskglass'),
        state: path.join(homedir(), '.local/state/taskglass'),
        runs: path.join(homedir(), '.local/state/taskglass/runs'),
      });
    });

    it('are not in the current directory where HOME is empty', () => {
      const home = path.join(userInfo().homedir, '.config/taskglass');
      expect(directoriesWith({ HOME: '' })).toMatchObject({ config: home });
    });

    it.runIf(process.getuid?.() === 0)('are found for a user whom the system does not know', () => {
      expect(directoriesWith({}, 54_321)).toMatchObject({ config: '/.config/taskglass' });
    });
  });
});
