import { type Found, type FoundStep, type LineReader, NOTHING, type Tool } from '../found.ts';
import { readSize } from '../text/sizes.ts';

const LINE =
  /^(?<id>[0-9a-f]{12}): (?<state>Pulling fs layer|Waiting|Downloading|Verifying Checksum|Download complete|Extracting|Pull complete|Already exists|Preparing|Pushing|Pushed|Layer already exists|Mounted from)\b(?<rest>.*)$/u;
const SIZES = /(?<n>[\d.]+)(?<unit>[kMGT]?B)\/(?<m>[\d.]+)(?<total>[kMGT]?B)/u;
/** Which part of a layer's work is the download; the rest is extracting. */
const DOWNLOAD_SHARE = 70;

/** The layers of an image, each with how much of it is done. */
export interface Layers {
  /** Takes docker's own word for a layer's state, and how far it is, 0–1; null if docker does not say. */
  set(id: string, state: string, share: number | null): void;
  found(): Found;
}

export function createLayers(): Layers {
  const layers = new Map<string, FoundStep>();
  return {
    set(id, state, share) {
      const name = `layer ${id}`;
      layers.set(id, { name, ...stateOf(state, share) });
    },
    found: () => ({ kind: 'steps', steps: [...layers.values()] }),
  };
}

function stateOf(state: string, share: number | null): Pick<FoundStep, 'status' | 'percent'> {
  switch (state) {
    case 'Pull complete':
    case 'Already exists':
    case 'Pushed':
    case 'Layer already exists':
    case 'Mounted from':
      return { status: 'completed', percent: null };
    case 'Downloading':
      return { status: 'running', percent: (share ?? 0) * DOWNLOAD_SHARE };
    case 'Verifying Checksum':
    case 'Download complete':
      return { status: 'running', percent: DOWNLOAD_SHARE };
    case 'Extracting':
      return { status: 'running', percent: DOWNLOAD_SHARE + (share ?? 0) * (100 - DOWNLOAD_SHARE) };
    case 'Pushing':
      return { status: 'running', percent: (share ?? 0) * 100 };
    default:
      return { status: 'pending', percent: null };
  }
}

/** `docker pull` and `push`: a line for each layer, `a1b2c3d4e5f6: Downloading [==>  ] 1.2MB/45.6MB`. */
export const dockerLayers: Tool = {
  begins: /[0-9a-f]{12}: \w/u,
  createReader: createLayerReader,
};

function createLayerReader(): LineReader {
  const layers = createLayers();
  return ({ text }) => {
    const { id, state, rest = '' } = LINE.exec(text)?.groups ?? {};
    if (id === undefined || state === undefined) return null;
    const { n, unit, m, total } = SIZES.exec(rest)?.groups ?? {};
    const share =
      n !== undefined && unit && m !== undefined && total ? readSize(n, unit) / readSize(m, total) : null;
    if (share !== null && !(share >= 0 && share <= 1)) return NOTHING;
    layers.set(id, state, share);
    return layers.found();
  };
}
