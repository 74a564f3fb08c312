import { describe, expect, it } from '@jest/globals';
import { compareList } from '../../../../src/transfer/verification/compare-list.ts';
import type { ArrivalSide } from '../../../../src/transfer/verification/extra-artifacts.ts';
import { TagBaseline } from '../../../../src/transfer/verification/tag-baseline.ts';
import type { Artifact, Batch } from '../../../../src/transfer/model/artifact.ts';
import { pipelineOf } from '../ports/context.fixture.ts';
import { fakeClock, unlimited } from '../ports/clock.fixture.ts';
import { digestOf, image, index, memoryRegistry, referrer } from '../ports/registry.fixture.ts';

const LOGIN_SERVER = 'target.azurecr.us';

const child = image('child');
const all = index('all', [child]);
const single = image('single');
const signature = referrer('signature', single);
const foreign = image('foreign');

const artifact = (repository: string, name: string | null, { digest, mediaType, children }: typeof all): Artifact => ({
  reference: name === null ? { kind: 'digest', repository, digest } : { kind: 'tag', repository, tag: name },
  digest,
  mediaType,
  size: 0,
  children,
  subject: null,
});

const BATCH: Batch = {
  index: 1,
  blob: 'a.tar',
  bytes: 0,
  artifacts: [
    artifact('team/all', 'latest', all),
    artifact('team/one', 'v1', single),
    artifact('team/one', null, signature),
  ],
};

/** The target after an import of the batch. */
function target() {
  const registry = memoryRegistry(LOGIN_SERVER);
  registry.push('team/all', child);
  registry.push('team/all', all, 'latest');
  registry.push('team/one', single, 'v1');
  registry.push('team/one', signature);
  return registry;
}

interface Comparing {
  readonly registry?: ReturnType<typeof target>;
  readonly verify?: boolean;
  readonly fresh?: boolean;
}

async function compared(entries: readonly string[] | null, how: Comparing = {}) {
  const { registry = target(), verify = true, fresh = true } = how;
  const notes: string[] = [];
  const side: ArrivalSide = {
    pipeline: pipelineOf('import'),
    registry,
    verify,
    loginServers: [LOGIN_SERVER, 'source.azurecr.io'],
    baseline: new TagBaseline(registry, [BATCH]),
  };
  const context = { clock: fakeClock(), signal: unlimited(), onNote: (text: string) => notes.push(text) };
  const { extra, failures, warnings, listed } = await compareList(side, BATCH, { entries, fresh }, context);
  return {
    extra,
    ids: [...failures, ...warnings].map(({ facts }) => facts.id),
    texts: [...failures, ...warnings].map(({ facts }) => `${facts.message}\n${facts.remedy}`).join('\n'),
    listed,
    notes,
  };
}

describe('a list of imported artifacts', () => {
  const config = single.content[0]!.digest;

  it.each([
    { name: 'names and tags', entries: ['team/all:latest', 'team/one:v1'] },
    { name: 'no tag for latest', entries: ['team/all', 'team/one:v1'] },
    { name: 'digests', entries: [`team/all@${all.digest}`, `team/one@${single.digest}`] },
    { name: 'tags with digests', entries: [`team/one:v1@${single.digest}`] },
    { name: 'digests alone', entries: [all.digest, child.digest, signature.digest] },
    { name: 'children of an index', entries: [`team/all@${child.digest}`] },
    { name: 'planned referrers', entries: [`team/one@${signature.digest}`] },
    { name: 'the login server of the target', entries: [`${LOGIN_SERVER.toUpperCase()}/team/one:v1`] },
    { name: 'the login server of the source', entries: [`source.azurecr.io/team/one@${single.digest}`] },
    { name: 'configs and layers', entries: [`team/one@${config}`, config] },
  ])('A1: accepts $name', async ({ entries }) => {
    expect(await compared(entries)).toMatchObject({ extra: [], ids: [] });
  });

  it.each([null, []])('A1: that is absent or empty is not compared: %j', async (entries) => {
    expect(await compared(entries)).toMatchObject({ extra: [], ids: [], listed: null });
  });

  it.each([
    { name: 'another repository', push: ['foreign', 'v1'], entry: 'foreign:v1', reference: 'foreign:v1' },
    { name: 'another tag of a repository', push: ['team/one', 'v2'], entry: 'team/one:v2', reference: 'team/one:v2' },
    { name: 'the tag latest', push: ['team/one', 'latest'], entry: 'team/one', reference: 'team/one:latest' },
    {
      name: 'a digest of a repository',
      push: ['team/one', 'x'],
      entry: `team/one@${foreign.digest}`,
      reference: `team/one@${foreign.digest}`,
    },
    {
      name: 'a digest alone',
      push: ['team/one', 'x'],
      entry: foreign.digest,
      reference: `team/one@${foreign.digest}`,
    },
    {
      name: 'a planned tag with another digest',
      push: ['team/one', 'v1'],
      entry: `team/one:v1@${foreign.digest}`,
      reference: 'team/one:v1',
    },
    {
      name: 'a login server in front',
      push: ['foreign', 'v1'],
      entry: `${LOGIN_SERVER}/foreign:v1`,
      reference: 'foreign:v1',
    },
  ] as const)('A2: reports $name', async ({ push: [repository, tag], entry, reference }) => {
    const registry = target();
    registry.push(repository, foreign, tag);
    const { extra, ids } = await compared([entry], { registry });

    expect(ids).toEqual(['ACRT6007']);
    expect(extra).toMatchObject([{ reference, digest: foreign.digest }]);
  });

  it('A2: reports a digest that is in none of the repositories', async () => {
    const { extra, ids, texts } = await compared([foreign.digest]);

    expect([ids, extra]).toEqual([
      ['ACRT6007'],
      [{ reference: foreign.digest, digest: foreign.digest, removeCommand: null }],
    ]);
    expect(texts).toContain('az acr manifest list-metadata --registry importregistry');
  });

  it('A2: does not take a repository that is named like the login server for a planned one', async () => {
    const registry = target();
    registry.push(`source.azurecr.io/team/one`, foreign, 'v1');
    const { extra, ids } = await compared(['source.azurecr.io/team/one:v1'], { registry });

    expect(ids).toEqual(['ACRT6007']);
    expect(extra).toMatchObject([{ reference: 'source.azurecr.io/team/one:v1', digest: foreign.digest }]);
  });

  it('A2: reports an additional tag of a planned digest, and does not remove the digest', async () => {
    const registry = target();
    registry.push('team/one', single, 'v2');
    const { extra } = await compared(['team/one:v1', 'team/one:v2'], { registry });

    expect(extra).toEqual([
      {
        reference: 'team/one:v2',
        digest: single.digest,
        removeCommand: 'az acr repository untag --name importregistry --image team/one:v2',
      },
    ]);
  });

  it('A2: removes a digest only if no other tag has it', async () => {
    const registry = target();
    registry.push('mine', foreign, 'kept');
    registry.push('mine', foreign, 'extra');
    registry.push('theirs', foreign, 'extra');
    const { extra } = await compared(['mine:extra', 'theirs:extra'], { registry });

    expect(extra.map(({ removeCommand }) => removeCommand)).toEqual([
      'az acr repository untag --name importregistry --image mine:extra',
      `az acr repository delete --name importregistry --image theirs@${foreign.digest} --yes`,
    ]);
  });

  it.each([
    { name: 'a text that names no artifact', entry: 'not an artifact' },
    { name: 'a name that could be part of a command', entry: 'a;reboot:v1' },
    { name: 'an artifact that is not there', entry: 'nothing/here:v1' },
  ])('A1: warns of $name', async ({ entry }) => {
    const { extra, ids, texts } = await compared(['team/one:v1', entry]);

    expect([extra, ids]).toEqual([[], ['ACRT6008']]);
    expect(texts).toContain(entry);
  });

  it('A1: of an earlier run can name an artifact that was removed since', async () => {
    const { extra, ids, notes } = await compared(['foreign:v1'], { fresh: false });

    expect([extra, ids]).toEqual([[], []]);
    expect(notes).toEqual([expect.stringContaining('foreign:v1')]);
  });

  it('A2: is compared by its names alone if the registry is not to be read', async () => {
    const registry = target();
    const { extra, ids } = await compared(['team/one:v1', 'foreign:v1'], { registry, verify: false });

    expect(ids).toEqual(['ACRT6007']);
    expect(extra).toMatchObject([{ reference: 'foreign:v1', digest: null }]);
    expect(registry.asked).toEqual([]);
  });

  it('A2: is compared by its names if the registry cannot be read', async () => {
    const registry = target();
    const manifest = (): Promise<never> => Promise.reject(new Error('refused'));
    const { extra, ids, notes } = await compared(['foreign:v1'], { registry: { ...registry, manifest } });

    expect([ids, extra.map(({ reference }) => reference)]).toEqual([['ACRT6007'], ['foreign:v1']]);
    expect(notes).toEqual([expect.stringContaining('refused')]);
  });

  it('names at most fifty artifacts in its message', async () => {
    const entries = Array.from({ length: 60 }, (_, number) => `many@${digestOf(`many ${number}`)}`);
    const registry = target();
    for (let number = 0; number < 60; number += 1) registry.push('many', image(`many ${number}`));
    const { extra, texts } = await compared(entries, { registry });

    expect(extra).toHaveLength(60);
    expect(texts).toContain('and 10 more');
  });
});

describe('tags before and after an import', () => {
  it('A1: reports tags that were added or moved, without those of any batch', async () => {
    const registry = target();
    const other: Batch = { ...BATCH, artifacts: [artifact('team/one', 'planned', foreign)] };
    const baseline = new TagBaseline(registry, [BATCH, other]);
    registry.push('team/one', single, 'same');
    registry.push('team/one', single, 'moves');
    await baseline.record(BATCH);
    registry.push('team/one', foreign, 'added');
    registry.push('team/one', foreign, 'moves');
    registry.push('team/one', foreign, 'planned');
    registry.push('elsewhere', foreign, 'added');

    expect(await baseline.changes(BATCH)).toEqual([
      { reference: 'team/one:moves', digest: foreign.digest, before: single.digest },
      { reference: 'team/one:added', digest: foreign.digest, before: null },
    ]);
  });

  it('A1: are not compared if they could not be read before', async () => {
    const registry = target();
    const baseline = new TagBaseline({ ...registry, tags: () => Promise.reject(new Error('refused')) }, [BATCH]);
    await baseline.record(BATCH);

    expect(await baseline.changes(BATCH)).toBeNull();
    expect(await new TagBaseline(registry, [BATCH]).changes(BATCH)).toBeNull();
  });

  it('A1: are read once for each repository before', async () => {
    const registry = target();
    const baseline = new TagBaseline(registry, [BATCH]);
    await Promise.all([baseline.record(BATCH), baseline.record(BATCH)]);

    expect(registry.asked.map(({ kind, repository }) => `${kind} ${repository}`).sort()).toEqual([
      'tags team/all',
      'tags team/one',
    ]);
  });
});
