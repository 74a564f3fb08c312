/** Counts files, lines, importers, exports, cycles and old terms of a set of sources. */
import { dirname, join } from 'node:path/posix';
import ts from 'typescript';
import { oldTermsIn } from './old-terms.ts';

/** Contents of files by their paths, with slashes. */
export type Sources = ReadonlyMap<string, string>;

/** What can be counted of `src/`. */
export interface HouseFigures {
  readonly files: number;
  readonly lines: number;
  readonly medianLines: number;
  readonly largestFile: number;
  readonly filesUnder25Lines: number;
  readonly filesWithOneImporter: number;
  readonly exports: number;
  /** Groups of files that import each other, directly or not, types included. */
  readonly cycles: number;
  /** Words of the first version's own vocabulary, in names and comments. */
  readonly oldTerms: number;
}

const linesOf = (content: string): number => content.split('\n').length - (content.endsWith('\n') ? 1 : 0);

function importsOf(file: string, content: string, sources: Sources): readonly string[] {
  const imported = ts.preProcessFile(content, true, true).importedFiles.map(({ fileName }) => fileName);
  const paths = imported.filter((path) => path.startsWith('.')).map((path) => join(dirname(file), path));
  return [...new Set(paths.filter((path) => sources.has(path)))];
}

/** Groups of two and more files that reach each other (Tarjan's strongly connected components). */
export function cyclesOf(imports: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): number => {
    const number = order.size;
    order.set(file, number);
    stack.push(file);
    let lowest = number;
    for (const next of imports.get(file) ?? []) {
      if (!order.has(next)) lowest = Math.min(lowest, visit(next));
      else if (stack.includes(next)) lowest = Math.min(lowest, order.get(next) ?? lowest);
    }
    low.set(file, lowest);
    if (lowest === number) {
      const group = stack.splice(stack.indexOf(file));
      if (group.length > 1) found.push(group);
    }
    return lowest;
  };
  for (const file of imports.keys()) if (!order.has(file)) visit(file);
  return found;
}

/** Names that a file exports. Re-exports of an entry point count as well. */
function exportsOf(content: string): number {
  const { statements } = ts.createSourceFile('source.ts', content, ts.ScriptTarget.Latest);
  return statements.reduce((sum, statement) => {
    if (ts.isExportDeclaration(statement)) {
      const { exportClause } = statement;
      return sum + (exportClause !== undefined && ts.isNamedExports(exportClause) ? exportClause.elements.length : 1);
    }
    const exported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
    if (!exported) return sum;
    return sum + (ts.isVariableStatement(statement) ? statement.declarationList.declarations.length : 1);
  }, 0);
}

/** Counts everything. */
export function figuresOf(sources: Sources): HouseFigures {
  const imports = new Map([...sources].map(([file, content]) => [file, importsOf(file, content, sources)]));
  const importers = new Map<string, number>();
  for (const imported of [...imports.values()].flat()) importers.set(imported, (importers.get(imported) ?? 0) + 1);
  const lines = [...sources.values()].map(linesOf).sort((one, other) => one - other);
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  return {
    files: sources.size,
    lines: sum(lines),
    medianLines: lines[Math.floor(lines.length / 2)] ?? 0,
    largestFile: lines.at(-1) ?? 0,
    filesUnder25Lines: lines.filter((count) => count < 25).length,
    filesWithOneImporter: [...importers.values()].filter((count) => count === 1).length,
    exports: sum([...sources.values()].map(exportsOf)),
    cycles: cyclesOf(imports).length,
    oldTerms: sum([...sources.values()].map((content) => oldTermsIn(content).length)),
  };
}
