import { NOTHING, type Tool } from '../found.ts';

/** `t/a.t ..`, drawn again as `t/a.t .. 2/3` and `t/a.t .. ok`; with `-v`, the file's own TAP follows. */
const FILE =
  /^(?=\S*(?:\/|\.t ))\S+ +\.{2,}(?: (?:\d+\/(?:\d+|\?)|ok|skipped\b.*|Failed \d.*|Dubious\b.*))?\s*$/u;
/** With `-j`: `===( 12;4 0/? 1/3 )=====`, the tests that have run, the seconds, and the tests of each file. */
const SEVERAL = /^={3}\(\s*\d+;\d+\s.*\)=*\s*$/u;
const TAP = /^(?:1\.\.\d+\b|(?:not )?ok\b)/u;

/** prove, and others that run Perl's tests: each file counts its own tests, and nothing says how many files there are. */
export const prove: Tool = {
  begins: /\S+ +\.\.|={3}\(/u,
  isForMachines: true,
  createReader() {
    let isHarness = false;
    return ({ text }) => {
      const isOurs = FILE.test(text) || SEVERAL.test(text);
      isHarness ||= isOurs;
      return isOurs || (isHarness && TAP.test(text)) ? NOTHING : null;
    };
  },
};
