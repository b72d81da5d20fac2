import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import type { Environment } from '../storage/home.ts';
import { withoutSecrets } from './without-secrets.ts';

type Opener = readonly [program: string, ...args: string[]];

const ADDRESS = /^https?:\/\//iu;
const PATH = /^(?:\/|[a-z]:\\)/iu;
/** A directory with an extension, which Finder may take for a program, a document or an installer. */
const BUNDLE = /\.[^./]+\/*$/u;

/**
 * Opens an address or a directory with the desktop's own program. Returns false if there is no desktop (on a server, or over
 * ssh), or no such directory here: the target comes from outside, and must not be a file that is run. No shell reads it, and
 * one that looks like an option is refused.
 */
export function openOnDesktop(
  target: string,
  env: Environment,
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (!ADDRESS.test(target) && !(PATH.test(target) && isDirectory(target))) return false;
  const opener = openerFor(target, env, platform);
  if (opener === null) return false;
  const [program, ...args] = opener;
  const options = { env: withoutSecrets(env), stdio: 'ignore', detached: true } as const;
  const child = spawn(program, [...args, target], options);
  child.on('error', () => {}); // not installed: nothing opens
  child.unref();
  return true;
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function openerFor(target: string, env: Environment, platform: NodeJS.Platform): Opener | null {
  if (env.SSH_CONNECTION) return null;
  if (platform === 'darwin') return BUNDLE.test(target) && !ADDRESS.test(target) ? ['open', '-R'] : ['open'];
  // Not Explorer, which opens the user's documents for an address that contains a question mark or an equals sign.
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open'] : null;
}
