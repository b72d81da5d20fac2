/** The numbers of the system calls that read, for each processor. */
const READS: Readonly<Record<string, readonly number[]>> = {
  x64: [0, 19],
  arm64: [63, 65],
  riscv64: [63, 65],
  loong64: [63, 65],
  ia32: [3, 145],
  arm: [3, 145],
  ppc64: [3, 145],
  s390x: [3, 145],
};
const SELECTS: Readonly<Record<string, readonly number[]>> = {
  x64: [23, 270],
  arm64: [72],
  riscv64: [72],
  loong64: [72],
};
const CALL = /^(?<number>\d+) 0x(?<first>[0-9a-f]+) /u;

/**
 * Returns the descriptor that a thread waits to read from, given its /proc/PID/syscall; null if it does something else. A
 * `select` on a single descriptor waits for standard input, as in `read -t` and line editors.
 */
export function descriptorRead(call: string, processor: string): number | null {
  const { number, first } = CALL.exec(call)?.groups ?? {};
  if (number === undefined || first === undefined) return null;
  if (READS[processor]?.includes(Number(number))) return Number.parseInt(first, 16);
  if (SELECTS[processor]?.includes(Number(number)) && first === '1') return 0;
  return null;
}

/**
 * Tells, by the kernel functions in which a process's threads wait (/proc/PID/wchan), whether it reads a terminal; undefined if
 * they do not tell. Threads that wait for sockets wait in the same function as, on newer systems, those that read terminals.
 */
export function readsByPlace(places: readonly (string | null)[], holdsSockets: boolean): boolean | undefined {
  if (places.includes('n_tty_read')) return true;
  if (places.includes('wait_woken')) return holdsSockets ? undefined : true;
  return places.some((place) => place !== null && place !== '' && place !== '0') ? false : undefined;
}
