/** GitHub's own language service for Actions: schema, expressions, and what a step hands to our action. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ValidationConfig } from '@actions/languageservice';
import { ROOT, type OwnActions } from '../action-definition.ts';
import type { LintDocument } from './documents.ts';
import type { Finding } from './finding.ts';

/** Repositories with this name count as this one, with any owner. */
const OUR_NAME = 'acr-transfer';

/** `uses: ./` and `uses: ./setup` are ours too; the service knows the inputs of `owner/name[/path]@ref` alone. */
const named = (text: string): string =>
  text.replace(
    /(?<=\buses:\s+)['"]?\.\/(setup)?['"]?(?=\s|$)/gm,
    (_, folder?: string) => `${OUR_NAME}/${OUR_NAME}${folder === undefined ? '' : `/${folder}`}@v0`,
  );

function ourAction(name: string, path: string | undefined, { transfer, setup }: OwnActions) {
  if (name !== OUR_NAME) return null;
  if (path === undefined) return transfer;
  return path === 'setup' ? setup : null;
}

type FileProvider = NonNullable<ValidationConfig['fileProvider']>;

/**
 * The reusable workflows that callers name: ours must be there, and take what they are given. Those of others cannot be looked
 * at offline; none is called, and a call of one would be a finding.
 */
const reusableWorkflows: FileProvider = {
  getFileContent: async (reference) => {
    if ('repository' in reference && reference.repository !== OUR_NAME) throw new Error('not ours');
    return { name: reference.path, content: await readFile(join(ROOT, reference.path), 'utf8') };
  },
};

const validation = (actions: OwnActions): ValidationConfig => ({
  fileProvider: reusableWorkflows,
  actionsMetadataProvider: {
    fetchActionMetadata: ({ name, path }) => {
      const own = ourAction(name, path, actions);
      // Of other actions nothing is known offline; without inputs the service does not judge them.
      return Promise.resolve(own === null ? { name, description: '' } : { ...own, inputs: { ...own.inputs } });
    },
  },
});

/** The service tells workflows from actions by their path. */
const uriOf = ({ kind }: LintDocument): string =>
  kind === 'action' ? 'file:///action.yml' : 'file:///.github/workflows/workflow.yml';

/** What the service stumbled over since the last look; it would only log it, and find nothing wrong. */
const stumbles: string[] = [];

async function loadService() {
  // Loaded when it is needed: the hook of json-imports.ts must stand before, and static imports come ahead of everything.
  const [{ registerLogger, validate }, { clearCache }, { TextDocument }] = await Promise.all([
    import('@actions/languageservice'),
    import('@actions/languageservice/utils/workflow-cache'),
    import('vscode-languageserver-textdocument'),
  ]);
  const ignore = (): void => undefined;
  registerLogger({ error: (message) => stumbles.push(message), warn: ignore, info: ignore, log: ignore });
  return { validate, clearCache, createText: (uri: string, text: string) => TextDocument.create(uri, 'yaml', 1, text) };
}

let service: ReturnType<typeof loadService> | undefined;

/**
 * Lints one document.
 * @param actions our own, which every `uses:` of them must agree with
 * @throws when the service itself stumbles
 */
export async function languageServiceFindings(
  document: LintDocument,
  actions: OwnActions,
): Promise<readonly Finding[]> {
  service ??= loadService();
  const { validate, clearCache, createText } = await service;
  // What was parsed is kept by path, and all our documents have the same one.
  clearCache();
  const diagnostics = await validate(createText(uriOf(document), named(document.text)), validation(actions));
  const stumbled = stumbles.splice(0);
  if (stumbled.length > 0) throw new Error(`${document.path}: ${stumbled.join('; ')}`);
  return diagnostics.map(({ message, range }) => ({
    path: document.path,
    line: range.start.line + 1 + document.lineOffset,
    message: typeof message === 'string' ? message : message.value,
  }));
}
