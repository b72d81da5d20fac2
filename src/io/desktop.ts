import { spawn } from 'node:child_process';
import { withoutSecrets } from './without-secrets.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Opens an address or a path with the desktop's own program for it. Returns false if there is no desktop: on a server, or
 * at the other end of ssh. No shell reads the target, and one that looks like an option is refused.
 */
export function openOnDesktop(target: string, env: Environment): boolean {
  const opener = openerFor(env);
  if (opener === null || !/^(?:https?:\/\/|\/|[a-z]:\\)/iu.test(target)) return false;
  const child = spawn(opener, [target], { env: withoutSecrets(env), stdio: 'ignore', detached: true });
  child.on('error', () => {}); // it is not installed: nothing opens, and nothing breaks
  child.unref();
  return true;
}

function openerFor(env: Environment): string | null {
  if (env.SSH_CONNECTION) return null;
  if (process.platform === 'darwin') return 'open';
  if (process.platform === 'win32') return 'explorer';
  return env.DISPLAY || env.WAYLAND_DISPLAY ? 'xdg-open' : null;
}
