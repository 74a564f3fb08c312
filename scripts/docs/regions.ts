/**
 * Replaces the text between `<!-- BEGIN name -->` and `<!-- END name -->`.
 * @throws if the text doesn't have exactly one such region
 */
export function fillRegion(text: string, name: string, body: string): string {
  const [begin, end] = [`<!-- BEGIN ${name} -->`, `<!-- END ${name} -->`];
  const [before, ...rest] = text.split(begin);
  const [, ...after] = (rest[0] ?? '').split(end);
  if (before === undefined || rest.length !== 1 || after.length !== 1) {
    throw new Error(`there must be one region ${begin} … ${end}`);
  }
  return `${before}${begin}\n\n${body}\n\n${end}${after.join('')}`;
}
