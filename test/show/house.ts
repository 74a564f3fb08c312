/** How large and how clear is `src/`? The figures of the working tree, next to those of version 1.0.0. */
import { execFileSync } from 'node:child_process';
import { ROOT } from '../../scripts/action-definition.ts';
import { figuresOf, type HouseFigures } from './house/figures.ts';
import { oldTermsIn, standardTerm } from './house/old-terms.ts';

/** The commit before the code got its present layout. */
const BEFORE = '7756ebd';

const git = (...args: readonly string[]): string =>
  execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });

/** Sources of a commit by their paths. */
function sourcesOf(commit: string): ReadonlyMap<string, string> {
  const paths = git('ls-tree', '-r', '--name-only', commit, 'src').split('\n');
  return new Map(paths.filter((path) => path.endsWith('.ts')).map((path) => [path, git('show', `${commit}:${path}`)]));
}

/** Figures of the last commit, and of the commit before the layout. */
export interface HouseComparison {
  readonly now: HouseFigures;
  readonly before: HouseFigures & { readonly commit: string };
}

/** `npm run show -- house`: counts what is committed. Needs the history. */
export function showHouse(): HouseComparison {
  const sources = sourcesOf('HEAD');
  const words = Map.groupBy([...sources.values()].flatMap(oldTermsIn), (word) => word);
  for (const [word, { length }] of [...words].sort(([, one], [, other]) => other.length - one.length))
    console.log(`${length} × ${word}: use ${standardTerm(word) ?? ''}`);
  return { now: figuresOf(sources), before: { commit: BEFORE, ...figuresOf(sourcesOf(BEFORE)) } };
}
