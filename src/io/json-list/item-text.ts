import { parseExactly } from '../../model/json.ts';

/** The result of parsing the newest text: whoever decodes an item and then compares it parses it once. */
let newest: { readonly of: ItemText; readonly text: string; readonly value: unknown } | null = null;

/**
 * The text of an item, which is taken from the document's bytes when it is needed: holding a hundred thousand parsed items
 * would take twice the memory of the document. It is a class because there is one for each item.
 */
export class ItemText {
  /** The bytes that contain it; or, once it is no longer in the document, the text itself: UTF-8, one byte per character. */
  #in: Buffer | string;
  #start: number;
  #end: number;

  constructor(bytes: Buffer, start: number, end: number) {
    this.#in = bytes;
    this.#start = start;
    this.#end = end;
  }

  /** The same text has moved. */
  moveTo(bytes: Buffer, start: number, end: number): void {
    this.#in = bytes;
    this.#start = start;
    this.#end = end;
  }

  /** The item is no longer in the document, and its bytes will be overwritten, but somebody may still hold it. */
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
