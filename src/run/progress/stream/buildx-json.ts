import { jsonObject } from '../../../model/json.ts';
import { NOTHING } from '../found.ts';
import { createStages, titleOf } from '../tool/buildkit.ts';
import type { JsonReader } from './json-reader.ts';

const NAME = /^\[(?:(?<stage>[^\]]*?)\s+)?(?<n>\d+)\/(?<m>\d+)\]\s*(?<name>.*)$/u;

/** Reads `--progress rawjson` of buildx and buildctl. The steps are the vertexes whose names count, `[build 3/9] RUN make`. */
export function createBuildxReader(): JsonReader {
  const stages = createStages();

  /** Returns whether it is one of the steps. */
  function takeVertex(raw: unknown): boolean {
    const vertex = jsonObject(raw);
    const { stage = '', n, m, name = '' } = NAME.exec(String(vertex?.name ?? ''))?.groups ?? {};
    if (!vertex || n === undefined || Number(n) < 1 || Number(n) > Number(m)) return false;
    const isOver = Boolean(vertex.completed) || vertex.cached === true;
    if (!isOver && !vertex.started) return false;
    const status = vertex.error ? 'failed' : isOver ? 'completed' : 'running';
    stages.set(stage, Number(n), Number(m), { name: titleOf(stage, name), status });
    return true;
  }

  return ({ vertexes, statuses, logs }) => {
    if (!Array.isArray(vertexes)) return statuses !== undefined || logs !== undefined ? NOTHING : null;
    const taken = vertexes.filter((vertex) => takeVertex(vertex));
    return taken.length > 0 ? stages.found() : NOTHING;
  };
}
