/**
 * A process of its own: lints texts as if they were files of the repository, with its real configuration. They form one small program,
 * without what they import, so that no other file is read.
 * Takes `{ "src/a.ts": "text" }` on standard input, and gives `Linted` as JSON.
 */
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { ESLint, type Linter } from 'eslint';
import ts from 'typescript';
import { ROOT } from '../../../../scripts/action-definition.ts';

/** One finding of ESLint. */
export interface LintMessage {
  readonly ruleId: string | null;
  readonly message: string;
}

/** Findings by path. */
export interface Linted {
  readonly eslint: Readonly<Record<string, readonly LintMessage[]>>;
  /** Numbers of the errors of TypeScript, such as 2322. */
  readonly types: Readonly<Record<string, readonly number[]>>;
  /** Rules that the configuration adds to those of its presets. */
  readonly ownRules: readonly string[];
}

function programOf(texts: ReadonlyMap<string, string>): ts.Program {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: unknown };
  };
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: ['none.ts'] }, ts.sys, ROOT);
  const all = { ...options, types: [], noResolve: true };
  const host = ts.createCompilerHost(all);
  return ts.createProgram([...texts.keys()], all, {
    ...host,
    fileExists: (path) => texts.has(path) || host.fileExists(path),
    readFile: (path) => texts.get(path) ?? host.readFile(path),
    getSourceFile: (path, version, ...rest) => {
      const text = texts.get(path);
      return text === undefined
        ? host.getSourceFile(path, version, ...rest)
        : ts.createSourceFile(path, text, version, true, ts.ScriptKind.TS);
    },
  });
}

async function ownRules(): Promise<readonly string[]> {
  const { default: configs } = (await import(join(ROOT, 'eslint.config.js'))) as { default: readonly Linter.Config[] };
  const own = configs.filter(({ name }) => name?.startsWith('typescript-eslint/') !== true);
  const rules = own.flatMap((config) => Object.entries(config.rules ?? {}));
  return [...new Set(rules.filter(([, level]) => level !== 'off').map(([name]) => name))].sort();
}

const texts = (await json(process.stdin)) as Readonly<Record<string, string>>;
const program = programOf(new Map(Object.entries(texts).map(([path, text]) => [join(ROOT, path), text])));
const linter = new ESLint({
  cwd: ROOT,
  overrideConfig: { languageOptions: { parserOptions: { projectService: false, programs: [program] } } },
});
const eslint: Record<string, readonly LintMessage[]> = {};
const types: Record<string, readonly number[]> = {};
for (const [path, text] of Object.entries(texts)) {
  const filePath = join(ROOT, path);
  const results = await linter.lintText(text, { filePath, warnIgnored: true });
  eslint[path] = results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => ({ ruleId, message })));
  const file = program.getSourceFile(filePath);
  types[path] = ts.getPreEmitDiagnostics(program, file).map(({ code }) => code);
}
const linted: Linted = { eslint, types, ownRules: await ownRules() };
console.log(JSON.stringify(linted));
