/** Lines that select nothing. Pure. */
import { failure, type Failure } from '../failure.ts';
import { formatReference, type Reference } from '../reference.ts';
import type { IncludeLine } from '../selection/line.ts';
import type { Brief } from './ground.ts';
import type { Survey } from './survey.ts';

function literalReference({ repositories, tags }: IncludeLine): Reference | null {
  if (repositories.kind !== 'literal') return null;
  const repository = repositories.name;
  if (tags.kind === 'tag') return { kind: 'tag', repository, tag: tags.tag };
  return tags.kind === 'digest' ? { kind: 'digest', repository, digest: tags.digest } : null;
}

function hintOf({ repositories, filters }: IncludeLine, names: readonly string[], surveys: readonly Survey[]): string {
  if (repositories.kind === 'literal') {
    const there = surveys.some(({ repository, exists }) => exists && repository === repositories.name);
    if (!there) return `: there is no repository ${repositories.name}`;
    return Object.values(filters).every((filter) => filter === null)
      ? ''
      : ': no tag fits both the pattern and its options';
  }
  const count = names.filter((name) => repositories.matches(name)).length;
  if (count === 0) return ': no repository has such a name';
  return count === 1
    ? ': one repository has such a name, but no such tag'
    : `: ${count} repositories have such a name, but no such tag`;
}

/**
 * A failure for every line that selects nothing, unless it says that it may.
 * @param names repositories that were surveyed
 * @param withoutCatalog lines that need the catalog could not be judged
 */
export function unmatchedFailures(
  { lines, registry }: Brief,
  names: readonly string[],
  surveys: readonly Survey[],
  withoutCatalog: boolean,
): readonly Failure[] {
  const matched = new Set(surveys.flatMap((survey) => [...survey.matched]));
  return lines.flatMap((line) => {
    if (line.kind !== 'include' || line.optional || matched.has(line)) return [];
    if (withoutCatalog && line.repositories.kind === 'glob') return [];
    const { where, text } = line;
    const reference = literalReference(line);
    if (reference === null) {
      const hint = hintOf(line, names, surveys);
      return [failure('ACRT3011', { line: text, where, registry: registry.loginServer, hint })];
    }
    return [failure('ACRT3005', { reference: formatReference(reference), where, registry: registry.loginServer })];
  });
}
