/** Asks the compiler about mutations: it finds those that don't compile, so no test has to. */
import { join } from 'node:path';
import ts from 'typescript';
import { applyEdits } from './mutations.ts';
import type { Compiles } from './sample.ts';

/** Something is left that isn't used or reached any more. That says nothing about the decision. */
const HARMLESS = new Set([6133, 6138, 6192, 6196, 6198, 6199, 7027]);

function projectOf(root: string, folder: string): ts.ParsedCommandLine {
  const path = join(root, 'tsconfig.json');
  const { config } = ts.readConfigFile(path, (name) => ts.sys.readFile(name)) as { readonly config: object };
  return ts.parseJsonConfigFileContent({ ...config, include: [folder] }, ts.sys, root);
}

/**
 * Type checks mutations of the files of a folder, each in the file that it is in.
 * @param root of the tree
 * @param folder with the sources, relative to the root
 */
export function openCompiler(root: string, folder: string): Compiles {
  const { fileNames, options } = projectOf(root, folder);
  const host = ts.createCompilerHost(options);
  const originals = new Map<string, ts.SourceFile | undefined>();
  const original = (name: string, language: ts.ScriptTarget | ts.CreateSourceFileOptions) => {
    if (!originals.has(name)) originals.set(name, ts.createSourceFile(name, host.readFile(name) ?? '', language));
    return originals.get(name);
  };
  let previous: ts.Program | undefined;
  return (mutations) => {
    const mutated = new Map(mutations.map((mutation) => [join(root, mutation.file), mutation]));
    const program = ts.createProgram(
      fileNames,
      options,
      {
        ...host,
        getSourceFile: (name, language) => {
          const mutation = mutated.get(name);
          if (mutation === undefined) return host.fileExists(name) ? original(name, language) : undefined;
          return ts.createSourceFile(name, applyEdits(host.readFile(name) ?? '', [mutation.plain]), language);
        },
      },
      previous,
    );
    previous = program;
    return mutations.map(({ file }) => {
      const source = program.getSourceFile(join(root, file));
      if (source === undefined) return false;
      const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
      return found.every(({ code }) => HARMLESS.has(code));
    });
  };
}
