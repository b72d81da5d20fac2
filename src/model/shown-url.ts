import { type PlainText, plainName } from './text.ts';

/**
 * Returns an address as it may be shown: without user name and password, query and fragment, any of which may be a
 * secret. It may have a word before it (`agui:https://…`) and need not be valid. Any other text comes back as it is.
 */
export function shownUrl(text: string): PlainText {
  const parts = /^(.*?[a-z][a-z0-9+.-]*:\/\/)([^/?#\s]*)([^?#\s]*)(.*)$/isu.exec(text);
  if (!parts) return plainName(text);
  const [, scheme = '', authority = '', path = '', rest = ''] = parts;
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const isWhole = host === authority && rest === '';
  return plainName(isWhole ? text : `${scheme}${host}${path || '/'}`);
}
