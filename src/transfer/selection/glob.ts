/** Takes the places in a text that a pattern has come to, ascending, to those that its next step comes to. */
type Step = (text: string, places: readonly number[]) => readonly number[];

const literal =
  (part: string): Step =>
  (text, places) =>
    places.filter((place) => text.startsWith(part, place)).map((place) => place + part.length);

const oneCharacter: Step = (text, places) =>
  places.filter((place) => place < text.length && text[place] !== '/').map((place) => place + 1);

function anyWithinSegment(text: string, places: readonly number[]): readonly number[] {
  const reached: number[] = [];
  for (const place of places) {
    // Reached from an earlier place already, and so is everything that this place reaches.
    if (place <= (reached.at(-1) ?? -1)) continue;
    const slash = text.indexOf('/', place);
    const end = slash < 0 ? text.length : slash;
    for (let next = place; next <= end; next += 1) reached.push(next);
  }
  return reached;
}

const anyAcross: Step = (text, [first = text.length + 1]) =>
  Array.from({ length: Math.max(0, text.length + 1 - first) }, (_, index) => first + index);

/** `**` and a slash, where a segment begins: any number of whole segments, also none. */
const wholeSegments: Step = (text, places) => {
  const here = new Set(places);
  return anyAcross(text, places).filter((place) => here.has(place) || text[place - 1] === '/');
};

function stepsOf(pattern: string): readonly Step[] {
  return [...pattern.matchAll(/\*{2,}\/?|\*|\?|[^*?]+/g)].flatMap(({ 0: part, index }) => {
    if (part === '*') return [anyWithinSegment];
    if (part === '?') return [oneCharacter];
    if (!part.startsWith('*')) return [literal(part)];
    if (!part.endsWith('/')) return [anyAcross];
    return index === 0 || pattern[index - 1] === '/' ? [wholeSegments] : [anyAcross, literal('/')];
  });
}

/** Whether a text has anything in it that a glob gives a meaning. */
export const isGlob = (text: string): boolean => /[*?]/.test(text);

/** Whether a glob matches every tag. */
export const matchesAll = (text: string): boolean => /^\*+$/.test(text);

/**
 * Makes a matcher of a whole text: `?` is one character and `*` any number within a segment, `**` any number across segments,
 * and with a slash behind it also no segment at all (GitHub Actions, "Filter pattern cheat sheet": what users of workflows know).
 * Nothing else is special. All places are followed at once, never one after the other, because texts and patterns are not
 * trusted: what a regular expression takes seconds for (`*a*a*a*b`) takes pattern times text at most.
 */
export function compileGlob(pattern: string): (text: string) => boolean {
  const steps = stepsOf(pattern);
  return (text) => {
    let places: readonly number[] = [0];
    for (const step of steps) {
      places = step(text, places);
      if (places.length === 0) return false;
    }
    return places.at(-1) === text.length;
  };
}
