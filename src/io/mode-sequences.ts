/** The sequences that set modes of a terminal when it becomes ours, and that reset them when it is given back. */
export interface ModeSequences {
  enter(): string;
  leave(): string;
}
