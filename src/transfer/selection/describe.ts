import type {
  ExcludeLine,
  Filters,
  IncludeLine,
  RepositoryChoice,
  SelectionLine,
  TagChoice,
} from '../model/selection.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Width of a column, characters. A longer name extends past its column and doesn't widen it for the other lines. */
const MAX_COLUMN = 40;

/** Characters of a digest that identify it, the same as everywhere in the log. */
const SHORT_DIGEST_LENGTH = 'sha256:'.length + 12;

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

const duration = (seconds: number): string =>
  seconds % DAY === 0 ? count(seconds / DAY, 'day') : count(seconds / HOUR, 'hour');

const repositoriesIn = (choice: RepositoryChoice): string => (choice.kind === 'literal' ? choice.name : choice.text);

function tagsIn(choice: TagChoice): string {
  if (choice.kind === 'digest') return `@${choice.digest.slice(0, SHORT_DIGEST_LENGTH)}…`;
  return `:${choice.kind === 'tag' ? choice.tag : choice.text}`;
}

function filtersIn({ semver, newest, pushedWithinSeconds }: Filters): readonly string[] {
  return [
    ...(semver === null ? [] : [`versions ${semver.text.replaceAll(',', ' ')}`]),
    ...(pushedWithinSeconds === null ? [] : [`pushed within ${duration(pushedWithinSeconds)}`]),
    ...(newest === null ? [] : [newest === 1 ? 'the newest' : `the ${newest} newest`]),
  ];
}

const optionsIn = (line: IncludeLine): string =>
  [...filtersIn(line.filters), ...(line.optional ? ['optional'] : [])].join(', ');

const cellsOf = (line: SelectionLine): readonly string[] => [
  line.kind === 'include' ? 'select' : 'exclude',
  repositoriesIn(line.repositories),
  tagsIn(line.tags),
  line.kind === 'include' ? optionsIn(line) : '',
];

/**
 * Describes a parsed selection in columns: first the lines that select, then the lines that exclude. Filters are in the
 * order in which they apply.
 */
export function describeSelection(lines: readonly SelectionLine[]): readonly string[] {
  const rows = [
    ...lines.filter((line): line is IncludeLine => line.kind === 'include'),
    ...lines.filter((line): line is ExcludeLine => line.kind === 'exclude'),
  ].map(cellsOf);
  const width = (column: number): number =>
    Math.min(MAX_COLUMN, Math.max(0, ...rows.map((cells) => cells[column]?.length ?? 0)));
  const widths = [0, 1, 2, 3].map(width);
  return rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
