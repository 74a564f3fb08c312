/** Judges the links of Markdown pages, offline: what is in the repository must be there, of the rest only the form is looked at. */
import { posix } from 'node:path';
import type { Finding } from './finding.ts';
import { pageDangling, pageLinks } from './links.ts';

/** What a link can lead to within the repository. */
export interface Repository {
  /** Whether a file or folder is there, by its path from the root. */
  readonly has: (path: string) => boolean;
  /** Anchors of a Markdown page; null when it is no page, and anchors mean nothing. */
  readonly anchors: (path: string) => ReadonlySet<string> | null;
}

const SCHEME = /^[a-z][a-z\d+.-]*:/i;
/** Lines of a source file: `#L10`, `#L10-L20`. */
const LINES = /^L\d+(?:-L\d+)?$/;

function externalProblem(target: string): string | null {
  if (target.startsWith('mailto:')) return null;
  const url = URL.parse(target);
  if (url === null) return 'this is no address';
  if (url.protocol !== 'https:') return 'only https';
  if (/[\s<>"`]|%(?![\da-f]{2})/i.test(target)) return 'these characters do not belong into an address';
  return url.hostname.includes('.') ? null : 'this names no host';
}

function decoded(target: string): string | null {
  try {
    return decodeURIComponent(target);
  } catch {
    return null;
  }
}

function internalProblem(page: string, target: string, repository: Repository): string | null {
  const [file = '', ...rest] = target.split('#');
  const [name, anchor] = [decoded(file), decoded(rest.join('#'))];
  if (name === null || anchor === null) return 'a % that stands for nothing';
  if (name.startsWith('/')) return 'a path from the root is one for GitHub alone, not for editors';
  const path = name === '' ? page : posix.join(posix.dirname(page), name).replace(/\/$/, '');
  if (path.startsWith('..')) return 'this leads out of the repository';
  if (!repository.has(path)) return `there is no ${path}`;
  if (!target.includes('#')) return null;
  if (anchor === '') return 'a # without a heading';
  const anchors = repository.anchors(path);
  if (anchors === null) return LINES.test(anchor) ? null : `${path} has no anchors`;
  return anchors.has(anchor) ? null : `${path} has no heading #${anchor}`;
}

const problem = (page: string, target: string, repository: Repository): string | null =>
  SCHEME.test(target) ? externalProblem(target) : internalProblem(page, target, repository);

/** Everything that is wrong with the links of one page. */
export function linkFindings(path: string, markdown: string, repository: Repository): readonly Finding[] {
  const broken = pageLinks(markdown).flatMap(({ line, target }): readonly Finding[] => {
    const what = problem(path, target, repository);
    return what === null ? [] : [{ path, line, message: `${target}: ${what}` }];
  });
  const dangling = pageDangling(markdown).map(({ line, name }): Finding => ({
    path,
    line,
    message: `[${name}] is defined nowhere on this page`,
  }));
  return [...broken, ...dangling].sort((a, b) => a.line - b.line);
}

/** A page of ours that a text names, by its path or its address, as comments and descriptions do. */
const MENTION =
  /(?:(?<![\w./-])|(?<=\/acr-transfer\/blob\/(?:main|v\d+)\/))(?:docs|examples)\/[\w./-]*\w\.(?:md|ya?ml|txt|tf|bicep|json)\b(?:#[\w-]+)?/g;

/** Pages that a file names and that are not there, or not with that heading. For files that have no links: workflows, definitions of actions. */
export const mentionFindings = (path: string, text: string, repository: Repository): readonly Finding[] =>
  text.split('\n').flatMap((line, index) =>
    [...line.matchAll(MENTION)].flatMap(([mention]): readonly Finding[] => {
      const what = internalProblem('', mention, repository);
      return what === null ? [] : [{ path, line: index + 1, message: what }];
    }),
  );
