/** Which repositories a line is about. */
export type RepositoryChoice =
  | { readonly kind: 'literal'; readonly name: string }
  | { readonly kind: 'glob'; readonly text: string; readonly matches: (name: string) => boolean };

/** Which artifacts of these repositories: one tag, one digest, or a glob of tags. */
export type TagChoice =
  | { readonly kind: 'tag'; readonly tag: string }
  | { readonly kind: 'digest'; readonly digest: string }
  | {
      readonly kind: 'glob';
      readonly text: string;
      /** Never true of a companion's tag (`subjectOfTag`): companions come along with their subject. */
      readonly matches: (tag: string) => boolean;
    };

/** What a line's options leave of the tags that its glob matches; null: not asked for. */
export interface Filters {
  /** A tag that is no full semantic version never matches. */
  readonly semver: { readonly text: string; readonly matches: (tag: string) => boolean } | null;
  /** The most recently pushed of each repository that are kept, 1 to 10,000. */
  readonly newest: number | null;
  /** Seconds before now. */
  readonly pushedWithinSeconds: number | null;
}

/** Both parts of what a line names. */
export interface Pattern {
  readonly repositories: RepositoryChoice;
  readonly tags: TagChoice;
}

/** A line that selects. */
export interface IncludeLine extends Pattern {
  readonly kind: 'include';
  /** For messages: `line 3` or `artifacts.txt line 3`. */
  readonly where: string;
  /** As it was written, without comment and `optional`, words parted by one blank. */
  readonly text: string;
  readonly filters: Filters;
  /** It may match nothing. */
  readonly optional: boolean;
}

/** A line that leaves out, whatever the other lines select. */
export interface ExcludeLine extends Pattern {
  readonly kind: 'exclude';
  /** For messages: `line 3` or `artifacts.txt line 3`. */
  readonly where: string;
  /** As it was written, with its `!`, without comment. */
  readonly text: string;
}

/** One line of a selection. Their order means nothing, but for which line is named as the selecting one. */
export type SelectionLine = IncludeLine | ExcludeLine;

/** A line that cannot be understood. */
export interface SelectionProblem {
  /** `line 3, column 12`, after the file if there is one. Columns count UTF-16 units from 1, as editors do. */
  readonly where: string;
  /** The line without comment; cut when it is too long to be read. */
  readonly text: string;
  /** What is wrong, and the right form. */
  readonly problem: string;
}

/** What a selection text says, with every mistake in it. */
export interface Selection {
  readonly lines: readonly SelectionLine[];
  readonly problems: readonly SelectionProblem[];
}
