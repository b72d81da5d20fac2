/** Returns the media type that a `Content-Type` header names, in lower case and without its parameters. */
export function mediaType(header: string | null | undefined): string {
  return (header ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}
