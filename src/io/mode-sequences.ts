/** The sequences that set a terminal's modes when we take it over, and those that reset them when we give it back. */
export interface ModeSequences {
  enter(): string;
  leave(): string;
}
