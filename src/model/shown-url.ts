import { type PlainText, plainName } from './text.ts';

/**
 * Returns an address without its user name, password, query and fragment, any of which may be a secret. A word may
 * precede the address (`agui:https://…`), and it need not be valid. Any other text is only made plain.
 */
export function shownUrl(text: string): PlainText {
  const parts = /^(.*?[a-z][a-z0-9+.-]*:\/\/)([^/?#\s]*)([^?#\s]*)(.*)$/isu.exec(text);
  if (!parts) return plainName(text);
  const [, scheme = '', authority = '', path = '', rest = ''] = parts;
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const isWhole = host === authority && rest === '';
  return plainName(isWhole ? text : `${scheme}${host}${path || '/'}`);
}

/** Does what `shownUrl` does for a valid address. Throws if it is not one. */
export function shownAddress(url: string): PlainText {
  const { origin, pathname } = new URL(url);
  return plainName(`${origin}${pathname === '/' ? '' : pathname}`);
}

/**
 * Returns the server of an address, with `/…` in place of a path or query: the path of a webhook and the topic of ntfy
 * are secrets.
 */
export function shownServer(url: string): PlainText {
  const { origin, pathname, search } = URL.canParse(url)
    ? new URL(url)
    : { origin: '', pathname: '', search: '' };
  return plainName(`${origin}${pathname.length > 1 || search !== '' ? '/…' : ''}`);
}

/** The parts that may be secret in an address within a text: up to the last `@` of its host, and from `?` or `#` on. */
const LOGIN = /\b((?:https?|wss?):\/{0,2})[^\s/?#]*@/giu;
const QUERY = /\b((?:https?|wss?):[^\s?#]+)[?#][^\s)]*/giu;

/**
 * Removes what may be secret from every address in a text, even a malformed one: something typed in the wrong place is
 * echoed as part of a message.
 */
export function withoutAddressSecrets(text: PlainText): PlainText {
  return text.replace(LOGIN, '$1').replace(QUERY, '$1');
}
