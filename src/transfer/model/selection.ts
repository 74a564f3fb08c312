/** The selection: lines, patterns, filters, and problems. */

/** The repositories of a line. */
export type RepositoryChoice =
  | { readonly kind: 'literal'; readonly name: string }
  | { readonly kind: 'glob'; readonly text: string; readonly matches: (name: string) => boolean };

/** The artifacts of these repositories: one tag, one digest, or a glob of tags. */
export type TagChoice =
  | { readonly kind: 'tag'; readonly tag: string }
  | { readonly kind: 'digest'; readonly digest: string }
  | {
      readonly kind: 'glob';
      readonly text: string;
      /** Never matches the tag of a referrer (`subjectOfTag`): referrers are transferred with their subject. */
      readonly matches: (tag: string) => boolean;
    };

/** The options of a line, which filter the tags that its glob matches; null: no filter. */
export interface Filters {
  /** Tags that aren't full semantic versions never match. */
  readonly semver: { readonly text: string; readonly matches: (tag: string) => boolean } | null;
  /** Number of most recently pushed tags of each repository, 1 to 10,000. */
  readonly newest: number | null;
  /** Maximum age of the push, seconds. */
  readonly pushedWithinSeconds: number | null;
}

/** Repository part and tag part of a line. */
export interface Pattern {
  readonly repositories: RepositoryChoice;
  readonly tags: TagChoice;
}

/** A line that selects artifacts. */
export interface IncludeLine extends Pattern {
  readonly kind: 'include';
  /** For messages: `line 3` or `artifacts.txt line 3`. */
  readonly where: string;
  /** The line as written, without comment and `optional`, with single spaces. */
  readonly text: string;
  readonly filters: Filters;
  /** Whether the line is allowed to match nothing. */
  readonly optional: boolean;
}

/** A line that excludes artifacts that other lines select. */
export interface ExcludeLine extends Pattern {
  readonly kind: 'exclude';
  /** For messages: `line 3` or `artifacts.txt line 3`. */
  readonly where: string;
  /** The line as written, with its `!`, without comment. */
  readonly text: string;
}

/** One line of a selection. The order affects only which line is reported as the selecting one. */
export type SelectionLine = IncludeLine | ExcludeLine;

/** An invalid line. */
export interface SelectionProblem {
  /** `line 3, column 12`, with the file name first if there is one. Columns count UTF-16 units from 1, as editors do. */
  readonly where: string;
  /** The line without comment, truncated if it is too long. */
  readonly text: string;
  /** The problem, and the correct form. */
  readonly problem: string;
}

/** A parsed selection with all problems. */
export interface Selection {
  readonly lines: readonly SelectionLine[];
  readonly problems: readonly SelectionProblem[];
}
