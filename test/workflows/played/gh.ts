/**
 * Emulates `gh issue list|create|comment|close`: `node gh.ts STATE ...`. The issues of the repository are in a file. Rejects
 * other commands, and checks the permissions of the token.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { permissionsOf } from '../token.ts';
import type { PlayedIssue } from './github.ts';

const [statePath = '', ...given] = process.argv.slice(2);

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function options() {
  try {
    return parseArgs({
      args: given,
      allowPositionals: true,
      options: {
        state: { type: 'string' },
        limit: { type: 'string' },
        json: { type: 'string' },
        title: { type: 'string' },
        body: { type: 'string' },
        'body-file': { type: 'string' },
        comment: { type: 'string' },
      },
    });
  } catch (error) {
    return fail(`this gh is played: ${(error as Error).message}`);
  }
}

const { values, positionals } = options();
const [topic, command = '', number] = positionals;
const issues: PlayedIssue[] = existsSync(statePath)
  ? (JSON.parse(readFileSync(statePath, 'utf8')) as PlayedIssue[])
  : [];
const repository = process.env['GH_REPO'] ?? fail('not in a repository: GH_REPO is not set');
const body = (): string => values.body ?? readFileSync(values['body-file'] ?? fail('a body is missing'), 'utf8');
const url = (issue: { readonly number: number }): string => `https://github.com/${repository}/issues/${issue.number}`;

function allow(wanted: 'read' | 'write'): void {
  const access = permissionsOf(process.env['GH_TOKEN'] ?? '')?.['issues'] ?? 'none';
  if (access !== 'write' && access !== wanted) fail('GraphQL: Resource not accessible by integration');
}

function named(): PlayedIssue {
  return (
    issues.find((issue) => String(issue.number) === number) ?? fail(`Could not resolve to an issue: ${number ?? ''}`)
  );
}

function change(issue: PlayedIssue, changes: Partial<PlayedIssue>): void {
  const changed = issues.map((each) => (each.number === issue.number ? { ...each, ...changes } : each));
  writeFileSync(statePath, JSON.stringify(changed));
}

const COMMANDS: Readonly<Record<string, () => void>> = {
  list: () => {
    allow('read');
    const fields = (values.json ?? fail('this gh is played with --json only')).split(',');
    const shown = issues.filter(({ state }) => values.state === 'all' || state === (values.state ?? 'open'));
    const pick = (issue: PlayedIssue) =>
      Object.fromEntries(fields.map((field) => [field, issue[field as keyof PlayedIssue]]));
    console.log(
      JSON.stringify(
        shown
          .reverse()
          .slice(0, Number(values.limit ?? 30))
          .map(pick),
      ),
    );
  },
  create: () => {
    allow('write');
    const issue: PlayedIssue = {
      number: issues.length + 1,
      title: values.title ?? fail('must provide `--title`'),
      body: body(),
      author: { login: 'app/github-actions' },
      state: 'open',
      comments: [],
    };
    writeFileSync(statePath, JSON.stringify([...issues, issue]));
    console.log(url(issue));
  },
  comment: () => {
    allow('write');
    change(named(), { comments: [...named().comments, body()] });
    console.log(url(named()));
  },
  close: () => {
    allow('write');
    const told = values.comment === undefined ? [] : [values.comment];
    change(named(), { state: 'closed', comments: [...named().comments, ...told] });
  },
};

const run = topic === 'issue' ? COMMANDS[command] : undefined;
(run ?? (() => fail(`this gh is played, and does not know: ${given.join(' ')}`)))();
