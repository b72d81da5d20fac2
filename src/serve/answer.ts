import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { piecesOf } from './pieces.ts';

/** The headers of every answer: nothing here may be cached, or be read by pages of other sites. */
export const COMMON_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** Answers with a small JSON document. */
export function answerJson(response: ServerResponse, status: number, document: object): void {
  response
    .writeHead(status, { ...COMMON_HEADERS, 'content-type': 'application/json' })
    .end(`${JSON.stringify(document)}\n`);
}

/** Answers with a large JSON text, no faster than it is read. */
export async function streamJson(response: ServerResponse, text: string): Promise<void> {
  response.writeHead(200, { ...COMMON_HEADERS, 'content-type': 'application/json' });
  await pipeline(Readable.from(piecesOf(text)), response).catch(() => {}); // the client is gone
}
