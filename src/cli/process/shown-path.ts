import { type PlainText, plainName } from '../../model/text.ts';
import { homeBySystem } from '../../storage/home.ts';

/** Returns a path for people, with `~` for the user's home directory. */
export function shownPath(place: string): PlainText {
  const home = homeBySystem();
  const isBelow = place === home || place.startsWith(`${home}/`);
  return plainName(isBelow ? `~${place.slice(home.length)}` : place);
}
