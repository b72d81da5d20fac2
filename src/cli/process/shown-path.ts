import { type PlainText, plainName } from '../../model/text.ts';
import { homeBySystem } from '../../storage/home.ts';

/** Returns a path as it is shown, with `~` for the user's home. */
export function shownPath(place: string): PlainText {
  const home = homeBySystem();
  const isBelow = place === home || place.startsWith(`${home}/`);
  return plainName(isBelow ? `~${place.slice(home.length)}` : place);
}
