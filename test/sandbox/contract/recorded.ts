/** Recorded answers of the real services, where they are at hand: beside the repository, and no part of it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER = path.resolve(import.meta.dirname, '..', '..', '..', '..', 'shared', 'service', 'recorded');

/** Whether there is anything to compare with. */
export const recordingsExist = existsSync(FOLDER);

/** A request and what the service answered. */
export interface Recording {
  readonly request: { readonly method: string; readonly url?: string; readonly body?: unknown };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
}

/** @param name without `.json` */
export function recording(name: string): Recording {
  const parsed = JSON.parse(readFileSync(path.join(FOLDER, `${name}.json`), 'utf8')) as Recording;
  const headers = Object.entries((parsed as Partial<Recording>).response?.headers ?? {});
  const lower = Object.fromEntries(headers.map(([header, value]) => [header.toLowerCase(), value]));
  return { ...parsed, response: { ...parsed.response, headers: lower } };
}

/** Names of recordings, without `.json`; none where there are no recordings. */
export const recordingsLike = (pattern: RegExp): string[] =>
  recordingsExist
    ? readdirSync(FOLDER)
        .map((file) => file.replace(/\.json$/, ''))
        .filter((name) => pattern.test(name))
        .sort()
    : [];

/** What differs from one registry, one day and one caller to the next, and the word that stands for it. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/\/subscriptions\/[^/"]+/gi, '/subscriptions/S'],
  [/\/(resourcegroups)\/[^/"]+/gi, '/$1/G'],
  [/under resource group '[^']+'/g, "under resource group 'G'"],
  [/([rR]egistries)\/[^/"?]+/g, '$1/R'],
  [/("(?:createdBy|lastModifiedBy)":)"[^"]*"/g, '$1"WHO"'],
  [/("(?:createdByType|lastModifiedByType)":)"(?:User|Application)"/g, '$1"KIND"'],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, 'GUID'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(Z|[+-]\d\d:\d\d)/g, 'TIME'],
  [/sha256:[0-9a-f]{64}/g, 'DIGEST'],
  [/[a-z0-9]+\.azurecr\.io|127\.0\.0\.1:\d+/g, 'HOST'],
];

/** The text of a body or header with what varies replaced, so that what is left must be equal, the order of members included. */
export function normalise(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return VARYING.reduce((result, [pattern, word]) => result.replaceAll(pattern, word), text);
}

/** Names of members, outermost first, in their order: `properties.response.status`. Lists stand for themselves. */
export function membersOf(value: unknown, prefix = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => [prefix + name, ...membersOf(member, `${prefix}${name}.`)]);
}
