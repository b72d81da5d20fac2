/**
 * Makes a release of main: `npm run release -- minor` (or major, patch, or a version). It dates the changelog, sets the
 * version, commits and tags. Nothing is sent: pushing the tag lets the workflow publish.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './bundles.ts';

const CHANGELOG = join(ROOT, 'CHANGELOG.md');
const UNRELEASED = '## [Unreleased]\n';

/** Returns the version after `current` by a kind of change, or the version that is named. Throws for anything else. */
export function nextVersion(current: string, wanted: string): string {
  const [major = 0, minor = 0, patch = 0] = current.split('.').map(Number);
  if (wanted === 'major') return `${major + 1}.0.0`;
  if (wanted === 'minor') return `${major}.${minor + 1}.0`;
  if (wanted === 'patch') return `${major}.${minor}.${patch + 1}`;
  if (/^\d+\.\d+\.\d+$/u.test(wanted)) return wanted;
  throw new Error(`say major, minor, patch, or a version such as 1.2.3, not "${wanted}"`);
}

/**
 * Returns the changelog with the unreleased changes under a version and its date. Throws if there are none, or the version is
 * already there.
 */
export function releasedChangelog(text: string, version: string, day: string): string {
  if (text.includes(`## [${version}]`)) throw new Error(`CHANGELOG.md has ${version} already`);
  const [before, after] = text.split(UNRELEASED);
  if (before === undefined || after === undefined) throw new Error('CHANGELOG.md has no "## [Unreleased]"');
  const entries = after.split(/^## \[/mu)[0] ?? '';
  if (!/^- /mu.test(entries)) throw new Error('CHANGELOG.md tells of nothing that is unreleased');
  return `${before}${UNRELEASED}\n## [${version}] - ${day}\n${after}`;
}

function release(wanted: string): void {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  if (!manifest.repository)
    throw new Error('package.json names no repository: npm refuses provenance without it');
  if (git('status', '--porcelain') !== '') throw new Error('the working tree is not clean');
  if (git('branch', '--show-current') !== 'main') throw new Error('releases are made on main');
  const version = nextVersion(manifest.version, wanted);
  const day = new Date().toISOString().slice(0, 'yyyy-mm-dd'.length);
  writeFileSync(CHANGELOG, releasedChangelog(readFileSync(CHANGELOG, 'utf8'), version, day));
  execFileSync('npm', ['version', version, '--no-git-tag-version', '--allow-same-version'], { cwd: ROOT });
  git('commit', '--all', '--message', `Release ${version}`);
  git('tag', '--annotate', `v${version}`, '--message', `taskglass ${version}`);
  console.log(`tagged v${version}; to publish it: git push --follow-tags`);
}

if (import.meta.main) {
  try {
    release(process.argv[2] ?? '');
  } catch (error) {
    console.error(`release: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
