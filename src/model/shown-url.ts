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

/** Returns an address without the secrets that it may hold. */
export function shownAddress(url: string): PlainText {
  const { origin, pathname } = new URL(url);
  return plainName(`${origin}${pathname === '/' ? '' : pathname}`);
}

/** What may be secret in an address within a text: all before the last `@` of its host, all after `?` or `#`. */
const LOGIN = /\b((?:https?|wss?):\/{0,2})[^\s/?#]*@/giu;
const QUERY = /\b((?:https?|wss?):[^\s?#]+)[?#][^\s)]*/giu;

/**
 * Leaves out of a text what may be secret in the addresses in it, wherever they stand and however they are written: what
 * was typed in the wrong place is repeated as no address at all.
 */
export function withoutAddressSecrets(text: PlainText): PlainText {
  return text.replace(LOGIN, '$1').replace(QUERY, '$1');
}
