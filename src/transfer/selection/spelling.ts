/** Insertions, deletions and replacements that lead from one word to another (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let line = 1; line <= from.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (to[column - 1] === from[line - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** Letters that may be wrong in a word: two typing errors, or one pair that changed places. */
const MOST_WRONG_LETTERS = 2;

/** The known word that was most likely meant, without regard to case; null when none comes near. */
export function nearestWord<Known extends string>(word: string, known: readonly Known[]): Known | null {
  const [nearest] = known
    .map((candidate) => ({ candidate, wrong: distance(word.toLowerCase(), candidate) }))
    .filter(({ wrong }) => wrong <= MOST_WRONG_LETTERS)
    .toSorted((one, other) => one.wrong - other.wrong);
  return nearest?.candidate ?? null;
}
