/** Faults of sign-in and of the control plane. */
import type { Side } from '../../sandbox/description.ts';
import type { FaultRule, Service } from '../../sandbox/fault-rule.ts';
import { ALWAYS, answer, byRules, rule, type FaultKind } from './kind.ts';

const HTML = '<html><body>Our services are not available right now</body></html>';

/** Short faults of any service: their name, and the rule for every request of a step. */
const MOMENTS: readonly (readonly [recovery: string, name: string, fault: FaultRule['fault'], times: number])[] = [
  ['throttled', '429 with Retry-After', answer(429, { 'retry-after': '1' }), 2],
  ['throttled', '429 without Retry-After', answer(429), 2],
  ['transient', '500', answer(500), 2],
  ['transient', '502 with the page of a gateway', answer(502, { 'content-type': 'text/html' }, HTML), 2],
  ['transient', '503', answer(503), 2],
  ['transient', '504', answer(504), 2],
  ['broken', 'connection reset', { kind: 'reset' }, 2],
  ['broken', 'connection cut before the answer', { kind: 'cut' }, 2],
  ['broken', 'connection cut within the answer', { kind: 'cut', within: { body: 'answer', after: 20 } }, 2],
  ['unreached', 'connection refused', { kind: 'refuse', milliseconds: 700 }, 1],
  ['late', 'answer that is late', { kind: 'alter', milliseconds: 1500 }, 2],
  ['damaged', 'half an answer that ends well', { kind: 'alter', truncate: 30 }, 2],
  ['damaged', 'page of a proxy in place of the answer', answer(200, { 'content-type': 'text/html' }, HTML), 1],
];

/** Each short fault at each class of requests. */
const moments = (of: Service, side: Side, what: string, more: Partial<FaultRule> = {}): readonly FaultKind[] =>
  MOMENTS.map(([recovery, name, fault, times]) =>
    byRules({ of, name: `${what}: ${name}`, recovery: `control plane, ${recovery}` }, () => [
      [side, rule(of, fault, { times, ...more })],
    ]),
  );

const NOT_FOUND = JSON.stringify({ error: { code: 'ResourceNotFound', message: 'The Resource was not found.' } });
const JSON_TYPE = { 'content-type': 'application/json' };

const runs = (method: 'GET' | 'PUT'): Pick<FaultRule, 'method' | 'path'> => ({ method, path: '/pipelineRuns/' });

const percentage = (from: string, to: string): FaultRule['fault'] => ({
  kind: 'alter',
  replace: { from: `"percentage":"${from}`, to: `"percentage":"${to}` },
});

/** Faults of Entra. */
export const SIGN_IN_KINDS: readonly FaultKind[] = moments('entra', 'source', 'sign-in', { path: '/token' });

/** Faults of ARM, at any request. */
export const CONTROL_KINDS: readonly FaultKind[] = moments('arm', 'target', 'control plane', {
  method: 'GET',
  skip: 1,
});

/** Faults of pipeline runs. */
export const RUN_KINDS: readonly FaultKind[] = [
  byRules({ of: 'arm', name: 'run: start is refused with 429', recovery: 'run: start again' }, () => [
    ['source', rule('arm', answer(429, { 'retry-after': '1' }), { ...runs('PUT'), times: 2 })],
  ]),
  byRules({ of: 'arm', name: 'run: start fails with 503', recovery: 'run: start again' }, () => [
    ['target', rule('arm', answer(503), { ...runs('PUT'), times: 2 })],
  ]),
  byRules({ of: 'arm', name: 'run: answer of the start is lost', recovery: 'run: start twice' }, () => [
    ['source', rule('arm', { kind: 'cut', within: { body: 'answer', after: 0 } }, runs('PUT'))],
    ['target', rule('arm', { kind: 'cut', within: { body: 'answer', after: 0 } }, runs('PUT'))],
  ]),
  byRules({ of: 'arm', name: 'run: start arrives twice', recovery: 'run: start twice' }, () => [
    ['source', rule('arm', { kind: 'alter', copies: 2 }, runs('PUT'))],
    ['target', rule('arm', { kind: 'alter', copies: 2 }, runs('PUT'))],
  ]),
  byRules({ of: 'arm', name: 'run: answer of the start is late', recovery: 'run: start twice' }, () => [
    ['target', rule('arm', { kind: 'alter', milliseconds: 2500 }, runs('PUT'))],
  ]),
  byRules({ of: 'arm', name: 'run: not readable yet after its start', recovery: 'run: look again' }, () => [
    ['source', rule('arm', answer(404, JSON_TYPE, NOT_FOUND), { ...runs('GET'), skip: 1, times: 2 })],
  ]),
  byRules({ of: 'arm', name: 'run: percentage goes back', recovery: 'run: any percentage' }, () => [
    ['source', rule('arm', percentage('', '9'), runs('GET'))],
    ['source', rule('arm', percentage('', '-1'), { ...runs('GET'), skip: 1 })],
  ]),
  byRules({ of: 'arm', name: 'run: followed over five errors in a row', recovery: 'run: look again' }, () => [
    ['source', rule('arm', answer(500), { ...runs('GET'), skip: 1, times: 5 })],
  ]),
  byRules({ of: 'arm', name: 'run: vanishes for good', recovery: 'run: look again', outcome: 'ACRT4004' }, () => [
    ['source', rule('arm', answer(404, JSON_TYPE, NOT_FOUND), { ...runs('GET'), skip: 1, times: ALWAYS })],
  ]),
  {
    of: 'run',
    name: 'run: has failed at once (200)',
    recovery: 'run: failed',
    outcome: 'ACRT4001',
    inject: () => ({ settings: [['source', { runs: { failAtOnce: 'The blob is broken.' } }]] }),
  },
  {
    of: 'run',
    name: 'run: fails in the end',
    recovery: 'run: failed',
    outcome: 'ACRT4001',
    inject: () => ({ settings: [['target', { runs: { failLate: 'The import came to nothing.' } }]] }),
  },
  {
    of: 'run',
    name: 'run: succeeds and has left something out (ContinueOnErrors)',
    recovery: 'verification',
    outcome: 'ACRT6002',
    inject: ({ artifacts }) => ({ settings: [['target', { runs: { skipImports: artifacts.slice(0, 1) } }]] }),
    // A run that imports nothing at all fails.
    inputs: { 'max-artifacts-per-run': '50' },
  },
  {
    of: 'run',
    name: 'run: succeeds and has brought something else',
    recovery: 'verification',
    outcome: 'ACRT6001',
    inject: ({ artifacts }) => ({ settings: [['target', { runs: { corruptImports: artifacts.slice(0, 1) } }]] }),
  },
  {
    of: 'run',
    name: 'run: operation style is another',
    recovery: 'run: style',
    outcome: 'survived',
    inject: () => ({ settings: [['source', { runs: { style: 'body', retryAfterSeconds: null } }]] }),
  },
  {
    of: 'entra',
    name: 'sign-in: tokens that expire in the middle',
    recovery: 'sign in again',
    outcome: 'survived',
    inject: () => ({
      settings: [
        // The run takes longer than the faults.
        ['source', { tokenLifetimeSeconds: 6, runs: { seconds: [7] } }],
        ['target', { tokenLifetimeSeconds: 6 }],
      ],
    }),
  },
];
