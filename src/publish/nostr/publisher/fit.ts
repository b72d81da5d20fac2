import type { EventTemplate } from 'nostr-tools/core';

/** Relays accept events of up to 64 KiB of JSON; id, key and signature are added to a template. */
const LARGEST_BYTES = 60 * 1024;
const MARK = '…';

/**
 * Shortens a template's content until the event made from it is small enough for ordinary relays. `copies` is how often the
 * content will be in it.
 */
export async function withinLimit(
  template: EventTemplate,
  copies: number,
  make: (template: EventTemplate) => Promise<EventTemplate>,
): Promise<EventTemplate> {
  const most = Math.floor(LARGEST_BYTES / copies);
  let content = template.content.length > most ? shortened(template.content, most) : template.content;
  for (;;) {
    const made = await make({ ...template, content });
    const bytes = Buffer.byteLength(JSON.stringify(made));
    if (bytes <= LARGEST_BYTES || content === MARK || content === '') return made;
    content = shortened(content, Math.floor(content.length * Math.min(0.9, LARGEST_BYTES / bytes)));
  }
}

function shortened(text: string, length: number): string {
  const kept = text.slice(0, Math.max(0, length - MARK.length)).toWellFormed();
  return `${kept.replace(/\ufffd$/u, '')}${MARK}`;
}
