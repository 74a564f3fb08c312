import { describe, expect, it } from '@jest/globals';
import type { HandoffPart, TransferRequest } from '../../../../src/transfer/model/request.ts';
import { EXPORT_PIPELINE, MINIMAL, problemsOf, requestOf, type Inputs } from './request.fixture.ts';

const DEFAULTS: HandoffPart = { method: 'auto', overwrite: false, tier: null, bandwidth: null, maxBlobBytes: null };

/** The handoff part of a request. */
function partOf(given: Inputs): HandoffPart {
  const request = requestOf({ ...MINIMAL.handoff, ...given });
  if (!('handoff' in request)) throw new Error('nothing is handed off');
  return request.handoff;
}

const handoff = (given: Inputs): TransferRequest => requestOf({ ...MINIMAL.handoff, ...given });

describe('the handoff', () => {
  it.each(['handoff', 'full'] as const)('has its defaults in mode %s', (mode) => {
    expect(requestOf(MINIMAL[mode])).toHaveProperty('handoff', DEFAULTS);
  });

  it.each(['export', 'import'] as const)("doesn't exist in mode %s", (mode) => {
    expect(requestOf(MINIMAL[mode])).not.toHaveProperty('handoff');
  });

  it.each([
    { given: { 'handoff-method': 'Stream' }, expected: { method: 'stream' } },
    { given: { 'handoff-method': 'server' }, expected: { method: 'server' } },
    { given: { overwrite: 'TRUE' }, expected: { overwrite: true } },
    { given: { 'access-tier': 'hot' }, expected: { tier: 'Hot' } },
    { given: { 'access-tier': 'Cool' }, expected: { tier: 'Cool' } },
    { given: { 'access-tier': 'COLD' }, expected: { tier: 'Cold' } },
    { given: { 'access-tier': 'Source' }, expected: { tier: 'source' } },
    { given: { 'max-blob-size': '4GB' }, expected: { maxBlobBytes: 4_000_000_000 } },
    { given: { 'max-bandwidth': '20MB' }, expected: { bandwidth: 20_000_000 } },
    { given: { 'max-bandwidth': '2 MiB/s' }, expected: { bandwidth: 2_097_152 } },
    { given: { 'max-bandwidth': '2MiB / S' }, expected: { bandwidth: 2_097_152 } },
    { given: { 'max-bandwidth': '1048576' }, expected: { bandwidth: 1_048_576 } },
    { given: { 'max-bandwidth': '16KiB' }, expected: { bandwidth: 16_384 } },
  ] as readonly { given: Inputs; expected: Partial<HandoffPart> }[])('follows from $given', ({ given, expected }) => {
    expect(partOf(given)).toEqual({ ...DEFAULTS, ...expected });
  });

  it('uses max-blob-size in mode full', () => {
    expect(requestOf({ ...MINIMAL.full, 'max-blob-size': '1MiB' })).toMatchObject({
      maxBlobBytes: 1_048_576,
      handoff: { maxBlobBytes: 1_048_576 },
    });
  });
});

describe.each([
  { input: 'handoff-method', wrong: ['azcopy'] },
  { input: 'overwrite', wrong: ['yes'] },
  { input: 'access-tier', wrong: ['Archive', 'warm', 'constructor', 'source-tier'] },
  { input: 'max-bandwidth', wrong: ['16383', '0', 'fast', '20Mbit/s', '20MB/h', '-1', '/s', '20MB/s/s'] },
  { input: 'max-blob-size', wrong: ['0', 'large'] },
])('$input', ({ input, wrong }) => {
  it.each(wrong)('rejects %j', (value) => {
    expect(problemsOf({ ...MINIMAL.handoff, [input]: value })).toEqual([expect.stringMatching(`^${input}: `)]);
  });
});

it('rejects a bandwidth below 16 KiB/s', () => {
  expect(problemsOf({ ...MINIMAL.handoff, 'max-bandwidth': '1KB' })).toEqual([
    'max-bandwidth: "1KB": use bytes per second, such as 20MB, 2MiB or 500KB; at least 16KiB',
  ]);
});

describe.each(['export', 'import'] as const)('in mode %s', (mode) => {
  it.each([
    { input: 'handoff-method', value: 'stream' },
    { input: 'overwrite', value: 'true' },
    { input: 'access-tier', value: 'Hot' },
    { input: 'max-bandwidth', value: '1MB' },
  ])('$input is rejected', ({ input, value }) => {
    expect(problemsOf({ ...MINIMAL[mode], [input]: value })).toEqual([
      expect.stringContaining(`${input}: "${value}": has no effect in mode ${mode}; it is for handoff and full`),
    ]);
  });
});

describe('a directory', () => {
  const manifest = { manifest: 'media/nightly.transfer.json' };

  it.each(['./media', '../media', '/mnt/media', '.', 'C:\\media', '.\\media'])('can be %j, on either side', (path) => {
    const directory = { kind: 'directory', path };

    expect(handoff({ 'target-container': path })).toMatchObject({ targetContainer: directory });
    expect(handoff({ 'source-container': path, ...manifest })).toMatchObject({
      sourceContainer: directory,
      targetContainer: { kind: 'uri' },
    });
  });

  it('takes precedence over the pipeline of its side, like a container', () => {
    expect(handoff({ 'source-container': './media', 'export-pipeline': EXPORT_PIPELINE })).toMatchObject({
      sourceContainer: { kind: 'directory' },
    });
  });

  it.each(['media', '...', '~/media', 'file:///media'])('is not %j', (path) => {
    expect(problemsOf({ ...MINIMAL.handoff, 'target-container': path })).toEqual([
      expect.stringMatching(/^target-container: .*container URI.*or in mode handoff a directory/),
    ]);
  });

  it.each(['export', 'full'] as const)('is rejected in mode %s', (mode) => {
    expect(problemsOf({ ...MINIMAL[mode], 'source-container': './media' })).toEqual([
      'source-container: "./media": a directory is allowed in mode handoff only',
    ]);
  });

  it('reports all conflicting inputs at once', () => {
    const problems = problemsOf({
      mode: 'handoff',
      'source-container': './in',
      'target-container': './out',
      'handoff-method': 'server',
      'access-tier': 'Hot',
      'source-sas': 'sv=1&sig=secret',
      'target-sas': 'sv=1&sig=secret',
      blobs: 'a.tar',
    });

    expect(problems.map((line) => line.split(':')[0]).sort()).toEqual([
      'access-tier',
      'blobs',
      'handoff-method',
      'source-sas',
      'target-container',
      'target-sas',
    ]);
    expect(problems.join('\n')).not.toContain('secret');
  });

  it.each([
    { name: 'a tier of the target container', given: { 'access-tier': 'Hot' } },
    { name: 'a SAS of the other side', given: { 'target-sas': 'sv=1&sig=x' } },
    { name: 'another method', given: { 'handoff-method': 'stream' } },
  ] as readonly { name: string; given: Inputs }[])('at the source allows $name', ({ given }) => {
    expect(problemsOf({ ...MINIMAL.handoff, 'source-container': './in', ...given })).toEqual([]);
  });
});
