import { describe, expect, it } from '@jest/globals';
import type { HandoffPart, TransferRequest } from '../../../../src/transfer/model/request.ts';
import { EXPORT_PIPELINE, LEAST, problemsOf, requestOf, type Inputs } from './request.fixture.ts';

const USUAL: HandoffPart = { method: 'auto', overwrite: false, tier: null, bandwidth: null, maxBlobBytes: null };

/** How the blobs of a request are carried. */
function partOf(given: Inputs): HandoffPart {
  const request = requestOf({ ...LEAST.handoff, ...given });
  if (!('handoff' in request)) throw new Error('nothing is handed off');
  return request.handoff;
}

const handoff = (given: Inputs): TransferRequest => requestOf({ ...LEAST.handoff, ...given });

describe('how blobs are carried', () => {
  it.each(['handoff', 'full'] as const)('is, unless mode %s is told otherwise', (mode) => {
    expect(requestOf(LEAST[mode])).toHaveProperty('handoff', USUAL);
  });

  it.each(['export', 'import'] as const)('is not asked in mode %s', (mode) => {
    expect(requestOf(LEAST[mode])).not.toHaveProperty('handoff');
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
    expect(partOf(given)).toEqual({ ...USUAL, ...expected });
  });

  it('takes max-blob-size over in mode full', () => {
    expect(requestOf({ ...LEAST.full, 'max-blob-size': '1MiB' })).toMatchObject({
      maxBlobBytes: 1_048_576,
      handoff: { maxBlobBytes: 1_048_576 },
    });
  });
});

describe.each([
  { input: 'handoff-method', wrong: ['azcopy', ''] },
  { input: 'overwrite', wrong: ['yes', ''] },
  { input: 'access-tier', wrong: ['Archive', 'warm', 'constructor', 'source-tier'] },
  { input: 'max-bandwidth', wrong: ['16383', '0', 'fast', '20Mbit/s', '20MB/h', '-1', '/s', '20MB/s/s'] },
  { input: 'max-blob-size', wrong: ['0', 'large'] },
])('$input', ({ input, wrong }) => {
  it.each(wrong)('may not be %j', (value) => {
    expect(problemsOf({ ...LEAST.handoff, [input]: value })).toEqual([expect.stringMatching(`^${input}: `)]);
  });
});

it('tells how thin a line may be', () => {
  expect(problemsOf({ ...LEAST.handoff, 'max-bandwidth': '1KB' })).toEqual([
    'max-bandwidth: "1KB": use bytes a second, such as 20MB, 2MiB or 500KB; at least 16KiB',
  ]);
});

describe.each(['export', 'import'] as const)('in mode %s', (mode) => {
  it.each([
    { input: 'handoff-method', value: 'stream' },
    { input: 'overwrite', value: 'true' },
    { input: 'access-tier', value: 'Hot' },
    { input: 'max-bandwidth', value: '1MB' },
  ])('$input is refused', ({ input, value }) => {
    expect(problemsOf({ ...LEAST[mode], [input]: value })).toEqual([
      expect.stringContaining(`${input}: "${value}": belongs to handoff and full`),
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

  it('wins over the pipeline of its side, as a container does', () => {
    expect(handoff({ 'source-container': './media', 'export-pipeline': EXPORT_PIPELINE })).toMatchObject({
      sourceContainer: { kind: 'directory' },
    });
  });

  it.each(['media', '...', '~/media', 'file:///media'])('is not %j', (path) => {
    expect(problemsOf({ ...LEAST.handoff, 'target-container': path })).toEqual([
      expect.stringMatching(/^target-container: .*container URI.*or in mode handoff a directory/),
    ]);
  });

  it.each(['export', 'full'] as const)('cannot stand in mode %s', (mode) => {
    expect(problemsOf({ ...LEAST[mode], 'source-container': './media' })).toEqual([
      'source-container: "./media": a directory can stand here in mode handoff only',
    ]);
  });

  it('takes all that goes with it, and all problems at once', () => {
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
    { name: 'a tier for the container that it is carried to', given: { 'access-tier': 'Hot' } },
    { name: 'a SAS for the other side', given: { 'target-sas': 'sv=1&sig=x' } },
    { name: 'the other ways', given: { 'handoff-method': 'stream' } },
  ] as readonly { name: string; given: Inputs }[])('at the source leaves room for $name', ({ given }) => {
    expect(problemsOf({ ...LEAST.handoff, 'source-container': './in', ...given })).toEqual([]);
  });
});
