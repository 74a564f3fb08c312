import { expect } from '@jest/globals';
import type { RegistryCloud } from '../../registry/cloud.fixture.ts';
import type { Fact } from '../../../fixtures/contract/facts.ts';
import { normalise } from '../answers.ts';
import type { Answer } from '../answers.ts';

/** Of the fixtures. */
export const REPOSITORY = 'team/app';

/** All permissions on it. */
export const SCOPE = `repository:${REPOSITORY}:pull,push,delete,metadata_read,metadata_write`;

/** Sends a request. With a scope, signs in for it first. */
export async function ask(
  cloud: RegistryCloud,
  method: string,
  path: string,
  rest: { readonly headers?: Record<string, string>; readonly body?: string | Buffer } = {},
  scope?: string,
): Promise<Answer> {
  const { headers = {}, body } = rest;
  const bytes = body === undefined ? {} : { body: Buffer.from(body) };
  const answer = await cloud.ask({ method, path, headers, ...bytes }, scope);
  return { status: answer.status, headers: answer.headers, body: answer.body.toString('utf8') };
}

/** Headers that depend on the connection, the time or the length of names. Rate limits are compared by name. */
const VARYING = /^(?:date|connection|transfer-encoding|content-length|x-ms-ratelimit-.*)$/;

const headersOf = (headers: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !VARYING.test(name))
      .map(([name, value]): [string, string] => [
        name,
        normalise(String(value).replace(/\?_nouploadcache=.*/, '?STATE')),
      ]),
  );

/** In 2021, a gateway named openresty responded, and exposed another header. */
const BY_GATEWAY = ['server', 'access-control-expose-headers'];

/** The response has the headers of the fact. */
export function sameHeaders(answer: Answer, fact: Fact): void {
  const recorded = headersOf(fact.headers);
  const kept = Object.entries(recorded).filter(
    ([name]) => recorded['server'] === 'AzureContainerRegistry' || !BY_GATEWAY.includes(name),
  );
  expect(headersOf(answer.headers)).toMatchObject(Object.fromEntries(kept));
}

/** Headers of the distribution API that were the same in 2021 and in 2025. */
export function asks2021(answer: Answer, fact: Fact): void {
  expect(answer.status).toBe(fact.status);
  for (const name of ['content-type', 'docker-distribution-api-version', 'strict-transport-security'])
    expect([name, answer.headers[name]]).toEqual([name, fact.headers[name]]);
}

/** Status, headers and body without variable values. */
export function sameAnswer(answer: Answer, fact: Fact): void {
  expect(answer.status).toBe(fact.status);
  sameHeaders(answer, fact);
  expect(normalise(answer.body.trim())).toBe(normalise(fact.text));
}

/** The challenge of a refusal, with the host replaced. */
export const challengeOf = ({ headers }: Pick<Answer, 'headers'>): string =>
  normalise(String(headers['www-authenticate']));
