import { describe, expect, it } from '@jest/globals';
import { compareList } from '../../../../src/transfer/verification/compare-list.ts';
import type { ArrivalSide } from '../../../../src/transfer/verification/extra-artifacts.ts';
import { TagBaseline } from '../../../../src/transfer/verification/tag-baseline.ts';
import type { Batch } from '../../../../src/transfer/model/artifact.ts';
import { pipelineOf } from '../ports/context.fixture.ts';
import { fakeClock, unlimited } from '../ports/clock.fixture.ts';
import { digestOf, image } from '../ports/registry.fixture.ts';
import { all, artifact, BATCH, child, foreign, LOGIN_SERVER, signature, single, target } from './batch.fixture.ts';

interface Comparing {
  readonly registry?: ReturnType<typeof target>;
  readonly verify?: boolean;
  readonly fresh?: boolean;
  readonly batch?: Batch;
}

async function compared(entries: readonly string[] | null, how: Comparing = {}) {
  const { registry = target(), verify = true, fresh = true, batch = BATCH } = how;
  const notes: string[] = [];
  const side: ArrivalSide = {
    pipeline: pipelineOf('import'),
    registry,
    verify,
    loginServers: [LOGIN_SERVER, 'source.azurecr.io'],
    baseline: new TagBaseline(registry, [batch]),
  };
  const context = { clock: fakeClock(), signal: unlimited(), onNote: (text: string) => notes.push(text) };
  const { extra, failures, warnings, listed } = await compareList(side, batch, { entries, fresh }, context);
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
    const { extra, texts } = await compared(['mine:extra', 'theirs:extra'], { registry });
    const commands = [
      'az acr repository untag --name importregistry --image mine:extra',
      `az acr repository delete --name importregistry --image theirs@${foreign.digest} --yes`,
    ];

    expect(extra.map(({ removeCommand }) => removeCommand)).toEqual(commands);
    for (const command of commands) expect(texts).toContain(command);
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

  it('A2: reports a manifest whose bytes are a layer of a planned artifact', async () => {
    const registry = target();
    const layer = single.content.find(({ digest }) => digest !== single.digest)!;
    registry.push('team/one', { ...foreign, digest: layer.digest });

    expect((await compared([`team/one@${layer.digest}`], { registry })).ids).toEqual(['ACRT6007']);
    expect((await compared([layer.digest], { registry })).ids).toEqual(['ACRT6007']);
  });

  it.each([
    { name: 'fails if other entries have no login server', also: ['team/all:latest'], ids: ['ACRT6007'] },
    { name: 'is read without login server if all entries have one', also: [`${LOGIN_SERVER}/team/all`], ids: [] },
  ])('A2: without verification, an entry with a login server $name', async ({ also, ids }) => {
    expect((await compared([...also, `${LOGIN_SERVER}/team/one:v1`], { verify: false })).ids).toEqual(ids);
  });

  it('A1: accepts a planned repository that is named like a login server, without verification', async () => {
    const named = { ...BATCH, artifacts: [artifact('source.azurecr.io/team/api', 'v1', single)] };

    expect((await compared(['source.azurecr.io/team/api:v1'], { verify: false, batch: named })).ids).toEqual([]);
  });

  it('A2: looks up an artifact until it has reached the replica that responds', async () => {
    const registry = target();
    let asked = 0;
    const manifest: typeof registry.manifest = (repository, name) => {
      if (repository === 'foreign' && (asked += 1) === 2) registry.push('foreign', foreign, 'v1');
      return registry.manifest(repository, name);
    };
    const { ids } = await compared(['foreign:v1'], { registry: { ...registry, manifest }, fresh: false });

    expect(ids).toEqual(['ACRT6007']);
  });

  it('A2: lists each repository once, however many entries a list has', async () => {
    const registry = target();
    const tags = Array.from({ length: 500 }, (_, number) => `v${number}`);
    for (const tag of tags) registry.push('foreign', foreign, tag);
    const entries = ['team/one:v1', ...tags.map((tag) => `foreign:${tag}`)].map((entry) => `${LOGIN_SERVER}/${entry}`);
    const { extra } = await compared(entries, { registry });

    expect(extra).toHaveLength(500);
    const listed = registry.asked.filter(({ kind }) => kind === 'tags').map(({ repository }) => repository);
    expect(listed.sort()).toEqual(['foreign', `${LOGIN_SERVER}/foreign`, `${LOGIN_SERVER}/team/one`]);
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
