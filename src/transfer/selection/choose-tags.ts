import { isDigest } from '../model/reference.ts';
import type { ExcludeLine, IncludeLine, Pattern, SelectionLine } from '../model/selection.ts';
import { matchesAll } from './glob.ts';

/** A tag of a repository, as it is now. */
export interface Tag {
  readonly name: string;
  readonly digest: string;
  /** When it was last pushed, milliseconds since 1970; null when no line needed it. */
  readonly pushedAt: number | null;
}

/** A tag that travels, and the first line that selects it. */
export interface SelectedTag {
  readonly tag: Tag;
  readonly line: IncludeLine;
}

/** A tag that a line selects and another leaves out; of both the first. */
export interface ExcludedTag {
  readonly tag: Tag;
  readonly line: IncludeLine;
  readonly by: ExcludeLine;
}

/** What a selection makes of one repository. Both lists are in the order of tag names. */
export interface TagSelection {
  readonly chosen: readonly SelectedTag[];
  readonly leftOut: readonly ExcludedTag[];
  /** Lines that matched a tag after their filters, before exclusions. */
  readonly matched: ReadonlySet<IncludeLine>;
}

const byName = (one: Tag, other: Tag): number => (one.name < other.name ? -1 : Number(one.name > other.name));

/** The latest push first; at the same time the greater name, which is the later version more often than not. */
const byNews = (one: Tag, other: Tag): number => (other.pushedAt ?? 0) - (one.pushedAt ?? 0) || byName(other, one);

/** Whether a line is about a repository. */
export const isOf = ({ repositories }: Pattern, repository: string): boolean =>
  repositories.kind === 'literal' ? repositories.name === repository : repositories.matches(repository);

/** Lines of one kind that are about a repository. */
const linesOf = <Kind extends SelectionLine['kind']>(
  lines: readonly SelectionLine[],
  kind: Kind,
  repository: string,
): readonly Extract<SelectionLine, { kind: Kind }>[] =>
  lines.filter((line): line is Extract<SelectionLine, { kind: Kind }> => line.kind === kind && isOf(line, repository));

function selects({ tags, filters }: IncludeLine, tag: Tag, now: number): boolean {
  if (tags.kind === 'digest') return false;
  if (tags.kind === 'tag') return tags.tag === tag.name;
  const { semver, pushedWithinSeconds } = filters;
  const oldest = pushedWithinSeconds === null ? -Infinity : now - pushedWithinSeconds * 1000;
  return tags.matches(tag.name) && semver?.matches(tag.name) !== false && (tag.pushedAt ?? -Infinity) >= oldest;
}

function leavesOut({ tags }: ExcludeLine, tagOrDigest: string): boolean {
  if (tags.kind === 'tag') return tags.tag === tagOrDigest;
  if (tags.kind === 'digest') return tags.digest === tagOrDigest;
  // `:*` means all of a repository, also what has no tag and the companions, which globs do not match.
  return matchesAll(tags.text) || (!isDigest(tagOrDigest) && tags.matches(tagOrDigest));
}

/**
 * The first line that leaves something out, if there is one; for what no tag pattern selects (digests, referrers, companions).
 * Lines that leave out all tags of a repository leave out its digests too, others only the digest that they name.
 * @param tagOrDigest a tag's name, or `sha256:…`
 */
export const excluderOf = (
  lines: readonly SelectionLine[],
  repository: string,
  tagOrDigest: string,
): ExcludeLine | null => linesOf(lines, 'exclude', repository).find((line) => leavesOut(line, tagOrDigest)) ?? null;

/** The excluding line of every tag that has one, by its name or by the digest that it points to. */
const excludersOf = (lines: readonly ExcludeLine[], tags: readonly Tag[]): ReadonlyMap<Tag, ExcludeLine> =>
  new Map(
    tags.flatMap((tag) => {
      const by = lines.find((line) => leavesOut(line, tag.name) || leavesOut(line, tag.digest));
      return by === undefined ? [] : [[tag, by] as const];
    }),
  );

const cut = (tags: readonly Tag[], newest: number | null): readonly Tag[] =>
  newest === null ? tags : tags.toSorted(byNews).slice(0, newest);

/** The first of each tag, in the order of tag names. */
const firstOfEach = <Item extends { readonly tag: Tag }>(items: readonly Item[]): readonly Item[] =>
  [...new Map(items.toReversed().map((item) => [item.tag, item])).values()].toSorted((one, other) =>
    byName(one.tag, other.tag),
  );

/**
 * What a selection makes of the tags of one repository. Lines with a digest select no tags: resolve them, and ask `excluderOf`.
 * @param tags all tags of the repository, in any order; one without a known time counts as the oldest
 * @param now milliseconds since 1970
 */
export function chooseTags(
  lines: readonly SelectionLine[],
  repository: string,
  tags: readonly Tag[],
  now: number,
): TagSelection {
  const excluders = excludersOf(linesOf(lines, 'exclude', repository), tags);
  const selected = linesOf(lines, 'include', repository).map((line) => ({
    line,
    tags: tags.filter((tag) => selects(line, tag, now)),
  }));
  const chosen = selected.flatMap(({ line, tags }) => {
    const left = tags.filter((tag) => !excluders.has(tag));
    return cut(left, line.filters.newest).map((tag) => ({ tag, line }));
  });
  const leftOut = selected.flatMap(({ line, tags }) =>
    tags.flatMap((tag) => {
      const by = excluders.get(tag);
      return by === undefined ? [] : [{ tag, line, by }];
    }),
  );
  return {
    chosen: firstOfEach(chosen),
    leftOut: firstOfEach(leftOut),
    matched: new Set(selected.filter(({ tags }) => tags.length > 0).map(({ line }) => line)),
  };
}

/** Whether some line needs to know when the tags of a repository were pushed. */
export const needsTimes = (lines: readonly SelectionLine[], repository: string): boolean =>
  linesOf(lines, 'include', repository).some(
    ({ filters }) => filters.newest !== null || filters.pushedWithinSeconds !== null,
  );

/** The selecting lines that need the list of all repositories. */
export const needsCatalog = (lines: readonly SelectionLine[]): readonly IncludeLine[] =>
  lines.filter((line): line is IncludeLine => line.kind === 'include' && line.repositories.kind === 'glob');

/** The repositories that selecting lines name in full, each once, in the order of the lines. */
export const literalRepositories = (lines: readonly SelectionLine[]): readonly string[] => [
  ...new Set(
    lines.flatMap((line) =>
      line.kind === 'include' && line.repositories.kind === 'literal' ? [line.repositories.name] : [],
    ),
  ),
];
