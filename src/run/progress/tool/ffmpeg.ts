import { countOf, type Found, type LineReader, NOTHING, type Tool } from '../found.ts';

const DURATION = /^\s*Duration: (?<time>\d+:\d\d:\d\d(?:\.\d+)?)/u;
const AT = /\btime=(?<sign>-?)(?<time>\d+:\d\d:\d\d(?:\.\d+)?)/u;
const FIELD = /^(?<key>out_time_us|out_time_ms|out_time|progress)=\s*(?<value>\S+)/u;
/** Encoders' messages, including their summaries at the end. */
const ENCODER = /^\[[\w -]+ @ 0x/u;

/** ffmpeg: the duration of the longest input, and how far into it the output is, `time=`. */
export const ffmpeg: Tool = {
  begins: / *Duration: \d|(?:frame|size)= */u,
  createReader() {
    const clip = createClip();
    return ({ text }) => {
      if (clip.hear(text) || ENCODER.test(text)) return NOTHING;
      const { sign, time } = AT.exec(text)?.groups ?? {};
      if (time === undefined || !/\b(?:bitrate|speed|size)=/u.test(text)) return null;
      return sign === '-' ? NOTHING : clip.at(secondsOf(time));
    };
  },
};

/** The same with `-progress`: a block of keys each time, with `out_time_us=` and, in most builds, `out_time=` among them. */
export const ffmpegProgress: Tool = {
  begins: /out_time|progress=/u,
  isForMachines: true,
  createReader: createFieldReader,
};

function createFieldReader(): LineReader {
  const clip = createClip();
  return ({ text }) => {
    if (clip.hear(text)) return null; // the other reader needs it, too
    const { key, value = '' } = FIELD.exec(text)?.groups ?? {};
    if (key === undefined) return null;
    if (key === 'out_time' && /^\d+:/u.test(value)) return clip.at(secondsOf(value));
    return key === 'out_time_us' && /^\d+$/u.test(value) ? clip.at(Number(value) / 1e6) : NOTHING;
  };
}

function createClip() {
  let total = 0;
  return {
    /** Returns whether the line gives the duration of an input. */
    hear(text: string): boolean {
      const duration = DURATION.exec(text)?.groups?.time;
      if (duration !== undefined) total = Math.max(total, secondsOf(duration));
      return duration !== undefined;
    },
    at(seconds: number): Found {
      return (total > 0 ? countOf(Math.min(seconds, total), total) : null) ?? NOTHING;
    },
  };
}

function secondsOf(time: string): number {
  return time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}
