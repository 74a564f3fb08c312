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

/** Longer names stand out of their column, instead of pushing every other line's apart. */
const MAX_COLUMN = 40;

/** Enough of a digest to tell it from others, as everywhere in the log. */
const SHOWN_OF_DIGEST = 'sha256:'.length + 12;

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

const times = (seconds: number): string =>
  seconds % DAY === 0 ? count(seconds / DAY, 'day') : count(seconds / HOUR, 'hour');

const repositoriesIn = (choice: RepositoryChoice): string => (choice.kind === 'literal' ? choice.name : choice.text);

function tagsIn(choice: TagChoice): string {
  if (choice.kind === 'digest') return `@${choice.digest.slice(0, SHOWN_OF_DIGEST)}…`;
  return `:${choice.kind === 'tag' ? choice.tag : choice.text}`;
}

function filtersIn({ semver, newest, pushedWithinSeconds }: Filters): readonly string[] {
  return [
    ...(semver === null ? [] : [`versions ${semver.text.replaceAll(',', ' ')}`]),
    ...(pushedWithinSeconds === null ? [] : [`pushed within ${times(pushedWithinSeconds)}`]),
    ...(newest === null ? [] : [newest === 1 ? 'the newest' : `the ${newest} newest`]),
  ];
}

const wordsFor = (line: IncludeLine): string =>
  [...filtersIn(line.filters), ...(line.optional ? ['may match nothing'] : [])].join(', ');

const cellsOf = (line: SelectionLine): readonly string[] => [
  line.kind === 'include' ? 'select' : 'leave out',
  repositoriesIn(line.repositories),
  tagsIn(line.tags),
  line.kind === 'include' ? wordsFor(line) : '',
];

/**
 * What was understood of a selection, a line each: first what is selected, then what is left out, in columns.
 * Filters stand in the order in which they apply.
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
