/** Compares by code unit: the same everywhere, and much faster than a locale's order on thousands of names. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
