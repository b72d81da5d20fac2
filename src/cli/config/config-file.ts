import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { jsonObject } from '../../model/json.ts';
import { errorMessage, type Problem, problem } from '../../model/problem.ts';
import { type PlainText, plainName, words } from '../../model/text.ts';
import { userDirectories } from '../../storage/directories.ts';
import type { Environment } from '../../storage/home.ts';
import type { Layer } from './settings.ts';

/** `isOwn`: it is the user's own file, not another one given by name. */
export type ConfigFile =
  | { readonly kind: 'read'; readonly path: string; readonly layer: Layer; readonly isOwn: boolean }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Reads the configuration file: the one given by name, which must exist, or the usual one, which need not. */
export async function readConfigFile(named: string | undefined, env: Environment): Promise<ConfigFile> {
  const own = path.join(userDirectories(env).config, 'config.json');
  const file = path.resolve(named ?? own);
  const isOwn = file === path.resolve(own);
  if (!existsSync(file)) {
    if (named === undefined)
      return { kind: 'read', path: file, layer: { origin: 'file', where: file, values: {} }, isOwn };
    return refused(file, 'no such file', words`check the path given with --config`);
  }
  if (!statSync(file).isFile()) return refused(file, 'it is not a file', words`check the path`);
  try {
    const values = await readWithConf(file);
    return { kind: 'read', path: file, layer: { origin: 'file', where: file, values }, isOwn };
  } catch (error) {
    return refused(file, errorMessage(error), words`correct the file; it was left unchanged`);
  }
}

/**
 * Reads the file with `conf`, which is loaded only here because it includes a schema compiler that a start without a
 * configuration file does not need.
 */
async function readWithConf(file: string): Promise<Record<string, unknown>> {
  const { default: Conf } = await import('conf');
  const { dir, name, ext } = path.parse(file);
  return new Conf({
    cwd: dir,
    configName: name,
    fileExtension: ext.slice(1),
    clearInvalidConfig: false,
    deserialize: parseObject,
  }).store;
}

/** Parses text that has to be an object: `conf` treats any other JSON as an empty configuration. */
function parseObject(text: string): Record<string, unknown> {
  const object = jsonObject(JSON.parse(text));
  if (!object) throw new Error('it is not a JSON object');
  return { ...object };
}

function refused(file: string, what: string, hint: PlainText): ConfigFile {
  return {
    kind: 'refused',
    problem: problem('unreadable', 'down', plainName(`configuration ${file}: ${what}`), hint),
  };
}
