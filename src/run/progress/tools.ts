import type { Found, LineReader, OutputLine, Tool } from './found.ts';
import { jsonLines } from './stream/json-lines.ts';
import { tap } from './stream/tap.ts';
import type { Way } from './tally.ts';
import { apt } from './tool/apt.ts';
import { aria2, gradle, maven, pnpm, terraform } from './tool/build-tools.ts';
import { buildkit } from './tool/buildkit.ts';
import { copiers, e2fsck, xz, zstd } from './tool/compressors.ts';
import { curl } from './tool/curl.ts';
import { dockerLayers } from './tool/docker-layers.ts';
import { ffmpeg, ffmpegProgress } from './tool/ffmpeg.ts';
import { git } from './tool/git.ts';
import { kubectl } from './tool/kubectl.ts';
import { namedSteps } from './tool/named-steps.ts';
import { parallel } from './tool/parallel.ts';
import { prove } from './tool/prove.ts';
import { pytest } from './tool/pytest.ts';
import { rclone } from './tool/rclone.ts';
import { rsync } from './tool/rsync.ts';
import { sox } from './tool/sox.ts';
import { testNames } from './tool/test-names.ts';
import { testRunners } from './tool/test-runners.ts';

/** The readers of all known tools, each with what its tool has said so far. */
export interface ToolReaders {
  /** Whether any reader may find something in the text, which may have several lines. */
  isOfInterest(text: string): boolean;
  /** Whether a line may be one of a tool's own, all of which count. */
  isKnown(line: string): boolean;
  /** Asks the readers in turn; if `isForMachines`, only those for output meant for machines. */
  read(line: OutputLine, isForMachines: boolean): readonly [Found, Way] | null;
}

const TOOLS: readonly Tool[] = [
  jsonLines,
  prove,
  tap,
  ffmpegProgress,
  ffmpeg,
  sox,
  git,
  curl,
  rsync,
  rclone,
  parallel,
  zstd,
  xz,
  e2fsck,
  copiers,
  buildkit,
  dockerLayers,
  apt,
  kubectl,
  testNames,
  testRunners,
  pytest,
  gradle,
  maven,
  pnpm,
  terraform,
  aria2,
  namedSteps,
];

/** What appears in figures that any tool may print. */
const FIGURE =
  /[%％٪]|\d (?:per ?cent|[Pp]rozent)|\d\s?[kKMGT]?i?B?\s?\/\s?\d|\d\s?[kKMGT]?i?B?\s(?:of|out of|von|sur|de|di|van|из)\s\d/u;
const BEGINNINGS = TOOLS.flatMap(({ begins }) => begins?.source ?? []).join('|');
const KNOWN = new RegExp(`^(?:${BEGINNINGS})`, 'u');
const KNOWN_FURTHER_DOWN = new RegExp(`\\n(?:${BEGINNINGS})`, 'u');

export function createToolReaders(): ToolReaders {
  const readers = TOOLS.map((tool): { way: Way; read: LineReader } => ({
    way: tool.isForMachines ? 'stream' : 'text',
    read: tool.createReader(),
  }));
  return {
    isOfInterest: (text) => FIGURE.test(text) || KNOWN.test(text) || KNOWN_FURTHER_DOWN.test(text),
    isKnown: (line) => KNOWN.test(line),
    read(line, isForMachines) {
      for (const { way, read } of readers) {
        const found = isForMachines && way === 'text' ? null : read(line);
        if (found) return [found, way];
      }
      return null;
    },
  };
}
