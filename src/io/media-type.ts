/** The media type that a `Content-Type` header names, without its parameters: such types have no case. */
export function mediaType(header: string | null | undefined): string {
  return (header ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}
