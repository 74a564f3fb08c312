/** GitHub's own language service for Actions: schema, expressions, and inputs of this repository's actions. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ValidationConfig } from '@actions/languageservice';
import { ROOT, type OwnActions } from '../action-definition.ts';
import type { LintDocument } from './documents.ts';
import type { Finding } from './finding.ts';

/** Repositories with this name and any owner count as this one. */
const OUR_NAME = 'acr-transfer';

/** `uses: ./` and `uses: ./setup` are converted, because the service resolves only `owner/name[/path]@ref`. */
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
 * The reusable workflows of callers. Those of this repository must exist and match. Those of other repositories can't be read
 * offline, so each call of one is a finding.
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
      // Other actions can't be read offline. Without their inputs, the service doesn't check them.
      return Promise.resolve(own === null ? { name, description: '' } : { ...own, inputs: { ...own.inputs } });
    },
  },
});

/** The service distinguishes workflows from actions by their path. */
const uriOf = ({ kind }: LintDocument): string =>
  kind === 'action' ? 'file:///action.yml' : 'file:///.github/workflows/workflow.yml';

/** Internal errors of the service since the last call. It would only log them, and return no findings. */
const stumbles: string[] = [];

async function loadService() {
  // Loaded on demand: the hook of json-imports.ts must run first, and static imports run before everything else.
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
 * @param actions of this repository, which every `uses:` of them must match
 * @throws on internal errors of the service
 */
export async function languageServiceFindings(
  document: LintDocument,
  actions: OwnActions,
): Promise<readonly Finding[]> {
  service ??= loadService();
  const { validate, clearCache, createText } = await service;
  // The service caches parsed documents by path, and all documents have the same one.
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
