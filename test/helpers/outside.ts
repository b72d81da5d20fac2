import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

/** A folder of somebody who uses the package: an empty home, no npm script around, this Node first on the PATH. */
export interface Outside {
  readonly folder: string;
  /** Packs the package as `npm publish` would send it: its file, and the names in it. */
  pack(): { readonly tarball: string; readonly files: string[] };
  /** Creates a new, empty project. Its dependencies come from the registry in use. */
  project(name: string): string;
  /** Runs a command to its end, with npm's cache available; returns what it printed, and throws if it fails. */
  run(cwd: string, command: string, ...args: string[]): string;
  close(): void;
}

export function openOutside(): Outside {
  const folder = mkdtempSync(join(tmpdir(), 'taskglass-package-'));
  const home = join(folder, 'home');
  mkdirSync(home);
  const env = environment(home);

  const run: Outside['run'] = (cwd, command, ...args) =>
    execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  let registry: string | undefined;

  return {
    folder,
    run,
    pack() {
      const options = ['--ignore-scripts', '--json', '--pack-destination', folder];
      const [report] = JSON.parse(run(ROOT, 'npm', 'pack', ...options));
      const files = report.files.map((file: { path: string }) => file.path);
      return { tarball: join(folder, report.filename), files };
    },
    project(name) {
      const project = join(folder, name);
      mkdirSync(project);
      writeFileSync(join(project, 'package.json'), '{"name":"project","version":"1.0.0","type":"module"}');
      // Not every package manager reads npm's environment.
      registry ??= run(ROOT, 'npm', 'config', 'get', 'registry');
      writeFileSync(join(project, '.npmrc'), `registry=${registry}`);
      return project;
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}

function environment(home: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^npm_|^FORCE_COLOR$|^INIT_CWD$|^CI$/i.test(name),
  );
  const { npm_config_cache, npm_config_registry, HOME, PATH } = process.env;
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    PATH: `${dirname(process.execPath)}${delimiter}${PATH}`,
    npm_config_cache: npm_config_cache ?? join(HOME ?? home, '.npm'),
    npm_config_prefer_offline: 'true',
    npm_config_update_notifier: 'false',
    npm_config_fund: 'false',
    npm_config_audit: 'false',
    ...(npm_config_registry ? { npm_config_registry } : {}),
  };
}
