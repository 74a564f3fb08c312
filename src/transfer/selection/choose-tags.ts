import { isDigest } from '../model/reference.ts';
import type { ExcludeLine, IncludeLine, Pattern, SelectionLine } from '../model/selection.ts';
import { matchesAll } from './glob.ts';

/** A tag of a repository. */
export interface Tag {
  readonly name: string;
  readonly digest: string;
  /** When it was last pushed, milliseconds since the epoch; null if no line needs it. */
  readonly pushedAt: number | null;
}

/** A selected tag, and the first line that selects it. */
interface SelectedTag {
  readonly tag: Tag;
  readonly line: IncludeLine;
}

/** A tag that one line selects and another excludes: the first line of each. */
interface ExcludedTag {
  readonly tag: Tag;
  readonly line: IncludeLine;
  readonly by: ExcludeLine;
}

/** The selected and excluded tags of one repository, in the order of their names. */
export interface TagSelection {
  readonly selected: readonly SelectedTag[];
  readonly excluded: readonly ExcludedTag[];
  /** Lines that matched a tag after their filters and before exclusions. */
  readonly matched: ReadonlySet<IncludeLine>;
}

const byName = (one: Tag, other: Tag): number => (one.name < other.name ? -1 : Number(one.name > other.name));

/** The latest push first. At the same time, the greater name first, because it is usually the later version. */
const byPushTime = (one: Tag, other: Tag): number => (other.pushedAt ?? 0) - (one.pushedAt ?? 0) || byName(other, one);

/** Whether the repository pattern of a line matches. */
export const matchesRepository = ({ repositories }: Pattern, repository: string): boolean =>
  repositories.kind === 'literal' ? repositories.name === repository : repositories.matches(repository);

/** Lines of one kind that match a repository. */
const linesOf = <Kind extends SelectionLine['kind']>(
  lines: readonly SelectionLine[],
  kind: Kind,
  repository: string,
): readonly Extract<SelectionLine, { kind: Kind }>[] =>
  lines.filter(
    (line): line is Extract<SelectionLine, { kind: Kind }> => line.kind === kind && matchesRepository(line, repository),
  );

function selects({ tags, filters }: IncludeLine, tag: Tag, now: number): boolean {
  if (tags.kind === 'digest') return false;
  if (tags.kind === 'tag') return tags.tag === tag.name;
  const { semver, pushedWithinSeconds } = filters;
  const oldest = pushedWithinSeconds === null ? -Infinity : now - pushedWithinSeconds * 1000;
  return tags.matches(tag.name) && semver?.matches(tag.name) !== false && (tag.pushedAt ?? -Infinity) >= oldest;
}

function excludes({ tags }: ExcludeLine, tagOrDigest: string): boolean {
  if (tags.kind === 'tag') return tags.tag === tagOrDigest;
  if (tags.kind === 'digest') return tags.digest === tagOrDigest;
  // `:*` means everything in a repository, including digests and referrer tags, which globs don't match.
  return matchesAll(tags.text) || (!isDigest(tagOrDigest) && tags.matches(tagOrDigest));
}

/**
 * Finds the first line that excludes an artifact; null if there is none. For artifacts that no tag pattern selects: digests
 * and referrers. A line that excludes all tags of a repository also excludes its digests. Other lines exclude only the
 * digest that they name.
 * @param tagOrDigest name of a tag, or `sha256:…`
 */
export const excluderOf = (
  lines: readonly SelectionLine[],
  repository: string,
  tagOrDigest: string,
): ExcludeLine | null => linesOf(lines, 'exclude', repository).find((line) => excludes(line, tagOrDigest)) ?? null;

/** The first line that excludes each tag, by its name or by its digest. */
const excludersOf = (lines: readonly ExcludeLine[], tags: readonly Tag[]): ReadonlyMap<Tag, ExcludeLine> =>
  new Map(
    tags.flatMap((tag) => {
      const by = lines.find((line) => excludes(line, tag.name) || excludes(line, tag.digest));
      return by === undefined ? [] : [[tag, by] as const];
    }),
  );

const keepNewest = (tags: readonly Tag[], newest: number | null): readonly Tag[] =>
  newest === null ? tags : tags.toSorted(byPushTime).slice(0, newest);

/** The first item of each tag, in the order of tag names. */
const firstOfEach = <Item extends { readonly tag: Tag }>(items: readonly Item[]): readonly Item[] =>
  [...new Map(items.toReversed().map((item) => [item.tag, item])).values()].toSorted((one, other) =>
    byName(one.tag, other.tag),
  );

/**
 * Selects tags of one repository. Ignores lines with a digest; the caller has to resolve them and call {@link excluderOf}.
 * @param tags all tags of the repository, in any order; a tag without a time counts as the oldest
 * @param now milliseconds since the epoch
 */
export function chooseTags(
  lines: readonly SelectionLine[],
  repository: string,
  tags: readonly Tag[],
  now: number,
): TagSelection {
  const excluders = excludersOf(linesOf(lines, 'exclude', repository), tags);
  const matches = linesOf(lines, 'include', repository).map((line) => ({
    line,
    tags: tags.filter((tag) => selects(line, tag, now)),
  }));
  const selected = matches.flatMap(({ line, tags }) => {
    const remaining = tags.filter((tag) => !excluders.has(tag));
    return keepNewest(remaining, line.filters.newest).map((tag) => ({ tag, line }));
  });
  const excluded = matches.flatMap(({ line, tags }) =>
    tags.flatMap((tag) => {
      const by = excluders.get(tag);
      return by === undefined ? [] : [{ tag, line, by }];
    }),
  );
  return {
    selected: firstOfEach(selected),
    excluded: firstOfEach(excluded),
    matched: new Set(matches.filter(({ tags }) => tags.length > 0).map(({ line }) => line)),
  };
}

/** Whether any line needs the push times of the tags of a repository. */
export const needsTimes = (lines: readonly SelectionLine[], repository: string): boolean =>
  linesOf(lines, 'include', repository).some(
    ({ filters }) => filters.newest !== null || filters.pushedWithinSeconds !== null,
  );

/** The lines that need the list of all repositories. */
export const needsCatalog = (lines: readonly SelectionLine[]): readonly IncludeLine[] =>
  lines.filter((line): line is IncludeLine => line.kind === 'include' && line.repositories.kind === 'glob');

/** The repositories that lines name in full, each once, in the order of the lines. */
export const literalRepositories = (lines: readonly SelectionLine[]): readonly string[] => [
  ...new Set(
    lines.flatMap((line) =>
      line.kind === 'include' && line.repositories.kind === 'literal' ? [line.repositories.name] : [],
    ),
  ),
];
