/** Compares responses of the sandbox with facts. */
import { expect } from '@jest/globals';
import type { Fact } from '../../fixtures/contract/facts.ts';

/** A response, as clients of the sandbox see it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** Values that differ between registries, days and callers, and their placeholders. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/\/subscriptions\/[^/"']+/gi, '/subscriptions/S'],
  [/The subscription '[^']+'/g, "The subscription 'S'"],
  [/\/(resourcegroups)\/[^/"']+/gi, '/$1/G'],
  [/(under resource group|Resource group) '[^']+'/g, "$1 'G'"],
  [/([rR]egistries)\/[^/"'?]+/g, '$1/R'],
  [/("(?:createdBy|lastModifiedBy|updatedBy)":)"[^"]*"/g, '$1"WHO"'],
  [/("(?:createdByType|lastModifiedByType)":)"(?:User|Application)"/g, '$1"KIND"'],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, 'GUID'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(Z|[+-]\d\d:\d\d)/g, 'TIME'],
  [/sha256(:|%3A)[0-9a-f]{64}/gi, 'DIGEST'],
  [/[a-z0-9]+\.azurecr\.io|127\.0\.0\.1:\d+/g, 'HOST'],
];

/** The text of a body or header with placeholders for variable values. The rest must be equal, the order of members included. */
export function normalise(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) as string | undefined);
  return VARYING.reduce((result, [pattern, word]) => result.replaceAll(pattern, word), text ?? '');
}

/** Names of members in their order, outermost first: `properties.response.status`. A list has the members of its first item. */
export function membersOf(value: unknown, prefix = ''): string[] {
  if (Array.isArray(value)) return value.length === 0 ? [] : membersOf(value[0], `${prefix}0.`);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [prefix + name, ...membersOf(member, `${prefix}${name}.`)]);
}

/** The body of a response. */
export const jsonOf = ({ body }: Pick<Answer, 'body'>): unknown => (body === '' ? undefined : JSON.parse(body));

/** The members of the response equal those of the fact, in their order. */
export function sameMembers(answer: Answer, fact: Fact): void {
  expect([answer.status, membersOf(jsonOf(answer))]).toEqual([fact.status, membersOf(fact.body)]);
}

/**
 * The members of the response are among those of the fact, in their order. The sandbox lacks members that no client reads.
 * @param most maximum number of missing members
 * @param more members with other evidence
 */
export function someMembers(answer: Answer, fact: Fact, most: number, more: readonly string[] = []): void {
  const given = membersOf(jsonOf(answer)).filter((name) => !more.includes(name));
  const recorded = membersOf(fact.body);
  expect(answer.status).toBe(fact.status);
  expect(given).toEqual(recorded.filter((name) => given.includes(name)));
  expect(recorded.length - given.length).toBeLessThanOrEqual(most);
}

/** Headers with the same value in every response. */
const CONSTANT_HEADERS = [
  'cache-control',
  'pragma',
  'expires',
  'content-type',
  'strict-transport-security',
  'x-content-type-options',
  'x-cache',
];

const RATE_LIMIT = /^x-ms-ratelimit-remaining-subscription-/;

const rateLimitsOf = (headers: object): string[] =>
  Object.keys(headers)
    .filter((name) => RATE_LIMIT.test(name))
    .sort();

/** Names of rate limits have changed. Those since 2025 contain `global`, as in the sandbox. */
const hasNewRateLimits = (fact: Fact): boolean => rateLimitsOf(fact.headers).some((name) => name.includes('-global-'));

/** Headers of Azure Resource Manager: those of the fact, and the origin of a refusal. */
export function sameArmHeaders(answer: Answer, fact: Fact): void {
  for (const name of CONSTANT_HEADERS.filter((each) => fact.headers[each] !== undefined))
    expect([name, answer.headers[name]]).toEqual([name, fact.headers[name]]);
  for (const version of (fact.headers['api-supported-versions'] ?? '').split(', ').filter(Boolean))
    expect(answer.headers['api-supported-versions']).toContain(version);
  if (hasNewRateLimits(fact)) expect(rateLimitsOf(answer.headers)).toEqual(rateLimitsOf(fact.headers));
  const hasHeaders = Object.keys(fact.headers).length > 0;
  if (fact.status >= 400 && hasHeaders) {
    expect(answer.headers['x-ms-failure-cause']).toBe(fact.headers['x-ms-failure-cause']);
    expect(rateLimitsOf(answer.headers)).toEqual(rateLimitsOf(fact.headers));
  }
  if (fact.headers['x-ms-correlation-request-id'] !== undefined)
    expect(answer.headers['x-ms-request-id']).toBe(answer.headers['x-ms-correlation-request-id']);
}

/** The whole response without its variable values. */
export function sameArmAnswer(answer: Answer, fact: Fact): void {
  expect(answer.status).toBe(fact.status);
  sameArmHeaders(answer, fact);
  expect(normalise(answer.body)).toBe(normalise(fact.text));
}
