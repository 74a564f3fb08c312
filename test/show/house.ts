/** How large and how clear is `src/`? The figures of the working tree, next to those of version 1.0.0. */
import { execFileSync } from 'node:child_process';
import { ROOT } from '../../scripts/action-definition.ts';
import { figuresOf, type HouseFigures, type Sources } from './house/figures.ts';
import { oldTermsIn, oldTermsOutside, standardTerm } from './house/old-terms.ts';

/** The commit before the code got its present layout. */
const BEFORE = '7756ebd';

const git = (...args: readonly string[]): string =>
  execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });

/** Folders next to `src/` whose words count too. */
const OUTSIDE = ['test', 'scripts', '.github', 'examples'];

/** Texts of these folders. The lists of old terms, and the tests of the lists, are excluded. */
const isText = (path: string): boolean => /\.(?:ts|md|ya?ml|tf|bicep)$/.test(path) && !path.includes('show/house');

/** Texts of a commit by their paths. */
function textsOf(commit: string, folders: readonly string[], isIncluded: (path: string) => boolean): Sources {
  const paths = git('ls-tree', '-r', '--name-only', commit, ...folders).split('\n');
  return new Map(paths.filter(isIncluded).map((path) => [path, git('show', `${commit}:${path}`)]));
}

const sourcesOf = (commit: string): Sources => textsOf(commit, ['src'], (path) => path.endsWith('.ts'));

/** Figures of the last commit, and of the commit before the layout. */
export interface HouseComparison {
  readonly now: Figures;
  readonly before: Figures & { readonly commit: string };
}

interface Figures extends HouseFigures {
  /** Old terms in tests, scripts, workflows and examples. */
  readonly oldTermsOutside: number;
}

/** Lists old terms with their replacements, the most frequent first. */
function logTerms(where: string, terms: readonly string[]): void {
  const words = Map.groupBy(terms, (word) => word);
  for (const [word, { length }] of [...words].sort(([, one], [, other]) => other.length - one.length))
    console.log(`${where}: ${length} × ${word}: use ${standardTerm(word) ?? ''}`);
}

const outside = (commit: string): readonly string[] =>
  [...textsOf(commit, OUTSIDE, isText).values()].flatMap(oldTermsOutside);

/** `npm run show -- house`: counts what is committed. Needs the history. */
export function showHouse(): HouseComparison {
  const sources = sourcesOf('HEAD');
  const terms = outside('HEAD');
  logTerms('src', [...sources.values()].flatMap(oldTermsIn));
  logTerms(OUTSIDE.join(', '), terms);
  return {
    now: { ...figuresOf(sources), oldTermsOutside: terms.length },
    before: { commit: BEFORE, ...figuresOf(sourcesOf(BEFORE)), oldTermsOutside: outside(BEFORE).length },
  };
}
