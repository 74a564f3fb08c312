/** Faults of the registry's data plane and of storage. */
import type { Side } from '../../sandbox/description.ts';
import type { FaultRule } from '../../sandbox/fault-rule.ts';
import { ALWAYS, answer, byRules, rule, type FaultKind } from './kind.ts';

const XML = { 'content-type': 'application/xml' };

/** An error of storage, by its code. */
export const storageError = (
  status: number,
  code: string,
  more: Readonly<Record<string, string>> = {},
): FaultRule['fault'] =>
  answer(
    status,
    { ...XML, 'x-ms-error-code': code, ...more },
    `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
  );

const registryError = (status: number, code: string): FaultRule['fault'] =>
  answer(status, { 'content-type': 'application/json' }, JSON.stringify({ errors: [{ code, message: code }] }));

const MANIFEST: Pick<FaultRule, 'method' | 'path'> = { method: 'GET', path: '/manifests/' };
const LISTS: Pick<FaultRule, 'method' | 'path'> = { method: 'GET', path: '/_(?:tags|manifests)' };

/** Short faults of registry and storage. */
const moment = (recovery: string): string => `data plane, ${recovery}`;

const registry = (
  recovery: string,
  name: string,
  side: Side,
  fault: FaultRule['fault'],
  more: Partial<FaultRule> = MANIFEST,
  outcome: FaultKind['outcome'] = 'survived',
): FaultKind =>
  byRules({ of: 'registry', name: `registry: ${name}`, recovery, outcome }, () => [
    [side, rule('registry', fault, more)],
  ]);

/** Faults of registries. */
export const REGISTRY_KINDS: readonly FaultKind[] = [
  registry(moment('throttled'), '429 with Retry-After', 'source', answer(429, { 'retry-after': '1' }), { times: 2 }),
  registry(moment('throttled'), '429 without Retry-After', 'source', answer(429), { times: 2 }),
  registry(moment('transient'), '500', 'target', answer(500), { ...MANIFEST, times: 2 }),
  registry(moment('transient'), '503', 'source', answer(503), { ...LISTS, times: 2 }),
  registry(moment('broken'), 'connection reset', 'target', { kind: 'reset' }, { ...MANIFEST, times: 2 }),
  registry(moment('broken'), 'connection cut within a manifest', 'source', {
    kind: 'cut',
    within: { body: 'answer', after: 99 },
  }),
  registry(moment('unreached'), 'connection refused', 'source', { kind: 'refuse', milliseconds: 700 }, {}),
  registry('registry: damage', 'a bit of a manifest is turned over, at the source', 'source', {
    kind: 'flip',
    within: { body: 'answer', after: 40 },
  }),
  registry('registry: damage', 'a bit of a manifest is turned over, at the target', 'target', {
    kind: 'flip',
    within: { body: 'answer', after: 40 },
  }),
  registry('registry: damage', 'half a manifest that ends well', 'target', { kind: 'alter', truncate: 100 }),
  registry('registry: damage', 'half a list that ends well', 'source', { kind: 'alter', truncate: 40 }, LISTS),
  registry('registry: damage', 'another digest in the header', 'target', {
    kind: 'alter',
    set: { 'docker-content-digest': `sha256:${'0'.repeat(64)}` },
  }),
  registry(moment('late'), 'answer that is late', 'target', { kind: 'alter', milliseconds: 1500 }),
  registry(moment('transient'), 'token exchange fails', 'source', answer(500), { path: '/oauth2/exchange', times: 2 }),
  registry(moment('throttled'), 'token service refuses with 429', 'target', answer(429, { 'retry-after': '1' }), {
    path: '/oauth2/token',
  }),
  registry('registry: token', 'a token is not taken any more', 'source', registryError(401, 'UNAUTHORIZED'), {
    ...MANIFEST,
    skip: 1,
  }),
  byRules(
    { of: 'registry', name: 'registry: what was just imported is not shown yet', recovery: 'registry: not yet' },
    ({ repository }) => [
      [
        'target',
        rule('registry', registryError(404, 'MANIFEST_UNKNOWN'), {
          method: 'GET',
          path: `/v2/${repository}/manifests/`,
          times: 3,
        }),
      ],
    ],
  ),
  registry(
    'registry: damage',
    'serves other bytes than it says, always',
    'target',
    { kind: 'flip', within: { body: 'answer', after: 40 } },
    { ...MANIFEST, times: ALWAYS },
    'ACRT6004',
  ),
];

const ofBlob =
  (more: Partial<FaultRule> = {}) =>
  (transferName: string): Partial<FaultRule> => ({ path: `/${transferName}-[^?]*`, ...more });

const storage = (
  recovery: string,
  name: string,
  side: Side,
  fault: FaultRule['fault'],
  which: (transferName: string) => Partial<FaultRule> = ofBlob(),
  outcome: FaultKind['outcome'] = 'survived',
): FaultKind =>
  byRules({ of: 'storage', name: `storage: ${name}`, recovery, outcome }, ({ transferName }) => [
    [side, rule('storage', fault, which(transferName))],
  ]);

const blocks =
  (times = 1) =>
  (transferName: string): Partial<FaultRule> => ({
    method: 'PUT',
    path: `/${transferName}-[^?]*\\?.*comp=block&`,
    times,
  });
const commit = (transferName: string): Partial<FaultRule> => ({
  method: 'PUT',
  path: `/${transferName}-[^?]*\\?.*comp=blocklist`,
});
const download =
  (times = 1) =>
  (transferName: string): Partial<FaultRule> => ({
    method: 'GET',
    path: `/${transferName}-[^?]*\\.tar`,
    times,
  });
const streamed = (kind: FaultKind): FaultKind => ({ ...kind, inputs: { 'handoff-method': 'stream' } });

/** Faults of storage accounts. */
export const STORAGE_KINDS: readonly FaultKind[] = [
  storage(
    moment('throttled'),
    '503 ServerBusy',
    'source',
    storageError(503, 'ServerBusy', { 'retry-after': '1' }),
    ofBlob({ times: 2 }),
  ),
  storage(moment('transient'), '500 InternalError', 'target', storageError(500, 'InternalError'), ofBlob({ times: 2 })),
  storage(
    moment('transient'),
    '500 OperationTimedOut',
    'source',
    storageError(500, 'OperationTimedOut'),
    ofBlob({ times: 2 }),
  ),
  storage(moment('throttled'), '429', 'target', answer(429, { 'retry-after': '1' }), ofBlob({ times: 2 })),
  storage(moment('broken'), 'connection reset', 'source', { kind: 'reset' }, ofBlob({ times: 2 })),
  storage(moment('unreached'), 'connection refused', 'target', { kind: 'refuse', milliseconds: 700 }),
  storage(moment('late'), 'answer that is late', 'target', { kind: 'alter', milliseconds: 1500 }),
  streamed(
    storage(
      'storage: body that is cut',
      'download is cut',
      'source',
      { kind: 'cut', within: { body: 'answer', after: 5000 } },
      download(2),
    ),
  ),
  streamed(
    storage(
      'storage: damage',
      'a bit turns over on the way down',
      'source',
      { kind: 'flip', within: { body: 'answer', after: 5000 } },
      download(),
    ),
  ),
  streamed(
    storage(
      'storage: body that is cut',
      'upload is cut',
      'target',
      { kind: 'cut', within: { body: 'request', after: 5000 } },
      blocks(),
    ),
  ),
  streamed(
    storage(
      'storage: damage',
      'a bit turns over on the way up',
      'target',
      { kind: 'flip', within: { body: 'request', after: 5000 } },
      blocks(),
    ),
  ),
  streamed(
    storage('storage: written twice', 'a block arrives twice', 'target', { kind: 'alter', copies: 2 }, blocks()),
  ),
  storage(
    moment('throttled'),
    'a copy between accounts is throttled',
    'target',
    storageError(503, 'ServerBusy'),
    blocks(2),
  ),
  byRules(
    { of: 'storage', name: 'storage: the source of a copy is damaged under way', recovery: 'storage: damage' },
    ({ transferName }) => [
      // The other account reads it.
      [
        'source',
        {
          ...rule('storage', { kind: 'flip', within: { body: 'answer', after: 5000 } }),
          ...download()(transferName),
          agent: '',
        },
      ],
    ],
  ),
  storage(
    'storage: written twice',
    'answer of the commit is lost',
    'target',
    { kind: 'cut', within: { body: 'answer', after: 0 } },
    commit,
  ),
  storage('storage: written twice', 'the commit arrives twice', 'target', { kind: 'alter', copies: 2 }, commit),
  storage(
    'storage: metadata',
    'metadata is lost at the commit',
    'target',
    { kind: 'alter', dropOfRequest: ['x-ms-meta-category'] },
    commit,
  ),
  {
    of: 'storage',
    name: 'storage: the target cannot reach the source',
    recovery: 'storage: no way between',
    outcome: 'survived',
    inject: () => ({ settings: [['target', { storage: { copySource: 'unreachable' } }]] }),
  },
  {
    of: 'storage',
    name: 'storage: its clock is 10 min ahead',
    recovery: 'storage: clock',
    outcome: 'survived',
    inject: () => ({ settings: [['source', { storage: { skewSeconds: 600 } }]] }),
  },
  {
    of: 'storage',
    name: 'storage: its clock is 10 min behind',
    recovery: 'storage: clock',
    outcome: 'survived',
    inject: () => ({ settings: [['source', { storage: { skewSeconds: -600 } }]] }),
  },
  storage(
    'storage: MD5',
    'keeps no Content-MD5',
    'source',
    { kind: 'alter', drop: ['content-md5'] },
    ofBlob({ method: 'HEAD', times: ALWAYS }),
    'ACRT5006',
  ),
  storage(
    'storage: refusal',
    'refuses for good',
    'target',
    storageError(403, 'AuthorizationPermissionMismatch'),
    ofBlob({ times: ALWAYS }),
    'ACRT5004',
  ),
];
