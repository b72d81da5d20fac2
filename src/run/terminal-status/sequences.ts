/** The status of a command, as it is shown to the user's own terminal. */
export interface ToldStatus {
  readonly state: 'working' | 'blocked' | 'idle' | 'done' | 'error' | 'clear';
  /** A whole number, 0–100; null if not known. */
  readonly percent: number | null;
  readonly message: string | null;
}

/** Writes statuses in one of the protocols. */
export type WriteStatus = (status: ToldStatus) => string;

const ST = '\u001b\\';
const APP = /[^A-Za-z0-9_.+-]+/gu;
const APP_LIMIT = 32;
const TITLE_BYTES = 192;
const MESSAGE_BYTES = 1_024;

/** Writes the Program Status Protocol, OSC 7501. Each report replaces the whole of the one before it. */
export function createProtocolWriter(program: string, title: string): WriteStatus {
  const app = program.replace(APP, '-').slice(0, APP_LIMIT) || 'taskglass';
  const about = `app=${app}:title=${encode(title, TITLE_BYTES)}`;

  return ({ state, percent, message }) => {
    if (state === 'clear') return `\u001b]7501;state=clear${ST}`;
    const hasProgress = percent !== null && (state === 'working' || state === 'blocked');
    const pairs = [
      `state=${state}`,
      ...(state === 'blocked' ? ['kind=question'] : []),
      ...(hasProgress ? [`progress=${percent}`] : []),
      about,
      ...(message ? [`msg=${encode(message, MESSAGE_BYTES)}`] : []),
    ];
    return `\u001b]7501;${pairs.join(':')}${ST}`;
  };
}

/** Writes a terminal's own progress bar, OSC 9;4. Nothing of it remains after the end. */
export const writeBar: WriteStatus = ({ state, percent }) => {
  const shown = percent ?? '';
  if (state === 'working') return `\u001b]9;4;${percent === null ? 3 : 1};${shown}${ST}`;
  const isWaiting = state === 'blocked' || state === 'idle';
  return `\u001b]9;4;${isWaiting ? `4;${shown}` : '0;'}${ST}`;
};

/** Encodes as base64, cut between characters. */
function encode(text: string, mostBytes: number): string {
  let kept = '';
  let bytes = 0;
  for (const character of text.replace(/\p{Cc}+/gu, ' ')) {
    bytes += Buffer.byteLength(character);
    if (bytes > mostBytes) break;
    kept += character;
  }
  return Buffer.from(kept).toString('base64');
}
