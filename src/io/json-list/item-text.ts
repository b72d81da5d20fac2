import { parseExactly } from '../../model/json.ts';

/** What was read of the newest text: whoever decodes an item, and then compares it, parses it once. */
let newest: { readonly of: ItemText; readonly text: string; readonly value: unknown } | null = null;

/**
 * The text of an item, which is taken from the document's own bytes when it is asked for: to hold what a hundred thousand
 * items were parsed to would take twice the memory of the document. A class, as there is one for each of them.
 */
export class ItemText {
  /** Where it lies; or it itself, UTF-8, a character a byte, once it is in the document no longer. */
  #in: Buffer | string;
  #start: number;
  #end: number;

  constructor(bytes: Buffer, start: number, end: number) {
    this.#in = bytes;
    this.#start = start;
    this.#end = end;
  }

  /** The same text lies elsewhere now. */
  moveTo(bytes: Buffer, start: number, end: number): void {
    this.#in = bytes;
    this.#start = start;
    this.#end = end;
  }

  /** The item is in the document no longer, and its bytes will be written over: somebody may still hold what it was. */
  leave(): void {
    if (typeof this.#in !== 'string') this.#in = this.#in.toString('latin1', this.#start, this.#end);
  }

  get text(): string {
    return newest?.of === this ? newest.text : this.#read();
  }

  /** As `parseExactly` reads it. */
  get value(): unknown {
    if (newest?.of === this) return newest.value;
    const text = this.#read();
    newest = { of: this, text, value: parseExactly(text) };
    return newest.value;
  }

  #read(): string {
    return typeof this.#in === 'string'
      ? Buffer.from(this.#in, 'latin1').toString('utf8')
      : this.#in.toString('utf8', this.#start, this.#end);
  }
}
