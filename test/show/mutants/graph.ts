/** The import graph: which test files load a source file, and how directly. */
import { dirname, join } from 'node:path/posix';
import ts from 'typescript';

/** Contents of files by their path, relative to the root of the tree, with slashes. */
export type Files = ReadonlyMap<string, string>;

/** A test file, and the number of imports between it and a source file. */
export interface RelatedTest {
  readonly test: string;
  readonly distance: number;
}

/** A file that is loaded by its address, such as the program of a worker thread. */
const ADDRESS = /\bnew URL\(\s*['"](\.[^'"]+)['"]/g;

/** Static, dynamic and re-exporting imports, and addresses, of files of the tree. */
function importsOf(file: string, content: string, files: Files): readonly string[] {
  const imported = ts.preProcessFile(content, true, true).importedFiles.map(({ fileName }) => fileName);
  const addressed = [...content.matchAll(ADDRESS)].map(([, path = '']) => path);
  return [...imported, ...addressed]
    .filter((path) => path.startsWith('.'))
    .map((path) => join(dirname(file), path))
    .filter((path) => files.has(path));
}

function distancesFrom(test: string, imports: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, number> {
  const distances = new Map([[test, 0]]);
  // A map yields what is added while it is read: breadth first.
  for (const [file, distance] of distances) {
    for (const imported of imports.get(file) ?? []) {
      if (!distances.has(imported)) distances.set(imported, distance + 1);
    }
  }
  return distances;
}

/**
 * The tests that import each file, directly or not: the nearest first. Files that no test imports are absent.
 * @param tests paths of test files
 */
export function relatedTests(files: Files, tests: readonly string[]): ReadonlyMap<string, readonly RelatedTest[]> {
  const imports = new Map([...files].map(([file, content]) => [file, importsOf(file, content, files)]));
  const related = new Map<string, RelatedTest[]>();
  for (const test of tests) {
    for (const [file, distance] of distancesFrom(test, imports)) {
      const known = related.get(file);
      if (known === undefined) related.set(file, [{ test, distance }]);
      else known.push({ test, distance });
    }
  }
  for (const found of related.values()) found.sort((one, other) => one.distance - other.distance);
  return related;
}

/** Whether a file only runs as a program: it exports nothing, so no test can import what is in it. */
export const isProgram = (content: string): boolean =>
  !ts
    .createSourceFile('program.ts', content, ts.ScriptTarget.Latest)
    .statements.some(
      (statement) =>
        ts.isExportDeclaration(statement) ||
        (ts.canHaveModifiers(statement) &&
          ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true),
    );
