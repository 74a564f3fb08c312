/** One part of a glob. Maps the positions in a text where the part can start to those where it can end. Both are ascending. */
type Step = (text: string, positions: readonly number[]) => readonly number[];

const literal =
  (part: string): Step =>
  (text, positions) =>
    positions.filter((position) => text.startsWith(part, position)).map((position) => position + part.length);

const oneCharacter: Step = (text, positions) =>
  positions.filter((position) => position < text.length && text[position] !== '/').map((position) => position + 1);

function anyWithinSegment(text: string, positions: readonly number[]): readonly number[] {
  const reached: number[] = [];
  for (const position of positions) {
    // An earlier position reaches this one, and everything that this one reaches.
    if (position <= (reached.at(-1) ?? -1)) continue;
    const slash = text.indexOf('/', position);
    const end = slash < 0 ? text.length : slash;
    for (let next = position; next <= end; next += 1) reached.push(next);
  }
  return reached;
}

const anyAcross: Step = (text, [first = text.length + 1]) =>
  Array.from({ length: Math.max(0, text.length + 1 - first) }, (_, index) => first + index);

/** `**` and a slash at the start of a segment: any number of whole segments, including none. */
const wholeSegments: Step = (text, positions) => {
  const starts = new Set(positions);
  return anyAcross(text, positions).filter((position) => starts.has(position) || text[position - 1] === '/');
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

/** Whether a text contains a wildcard. */
export const isGlob = (text: string): boolean => /[*?]/.test(text);

/** Whether a glob consists only of stars, and therefore matches every tag. */
export const matchesAll = (text: string): boolean => /^\*+$/.test(text);

/**
 * Compiles a glob to a function that matches a whole text.
 *
 * - `?` matches one character of a segment.
 * - `*` matches any number of characters of a segment.
 * - `**` matches any number of characters of several segments; followed by a slash, also no segment.
 *
 * Nothing else is special. Users of workflows know these rules (GitHub Actions, "Filter pattern cheat sheet"). Texts and
 * patterns are untrusted, so all positions are followed at once. The time is at most pattern length times text length, also
 * for patterns such as `*a*a*a*b` that make a regular expression take seconds.
 */
export function compileGlob(pattern: string): (text: string) => boolean {
  const steps = stepsOf(pattern);
  return (text) => {
    let positions: readonly number[] = [0];
    for (const step of steps) {
      positions = step(text, positions);
      if (positions.length === 0) return false;
    }
    return positions.at(-1) === text.length;
  };
}
