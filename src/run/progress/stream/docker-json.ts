import { jsonObject } from '../../../model/json.ts';
import { NOTHING } from '../found.ts';
import { createLayers } from '../tool/docker-layers.ts';
import type { JsonReader } from './json-reader.ts';

/**
 * Reads the docker daemon's own stream: `{"status":"Downloading","progressDetail":{"current":1,"total":2},"id":"a1b2"}`.
 */
export function createDockerReader(): JsonReader {
  const layers = createLayers();
  return ({ status, progressDetail, id }) => {
    if (progressDetail === undefined) return null;
    // Without an id, or with a tag's, the status is a line of text.
    if (typeof status !== 'string' || typeof id !== 'string' || !/^[0-9a-f]{8,64}$/u.test(id)) return NOTHING;
    const { current, total } = jsonObject(progressDetail) ?? {};
    const share =
      typeof current === 'number' && typeof total === 'number' && total > 0 ? current / total : null;
    layers.set(id, status, share === null ? null : Math.min(1, Math.max(0, share)));
    return layers.found();
  };
}
