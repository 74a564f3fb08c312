import { describe, expect, it } from '@jest/globals';
import type { Result } from '../../../../src/transfer/errors/result.ts';
import { transferError, type TransferError } from '../../../../src/transfer/errors/transfer-error.ts';
import { plannedArtifacts, type Plan } from '../../../../src/transfer/model/plan.ts';
import { formatReference } from '../../../../src/transfer/model/reference.ts';
import { baselineOf } from '../../../../src/transfer/plan/baseline/baseline.ts';
import { buildPlan, type PlanInput } from '../../../../src/transfer/plan/build.ts';
import type { Registry } from '../../../../src/transfer/ports/registry.ts';
import { image, memoryRegistry, referrer, requestsOf, type MemoryRegistry } from '../ports/registry.fixture.ts';
import { selectionOf } from '../ports/context.fixture.ts';
import { reasonsOf } from './discover.fixture.ts';

function stocked(): MemoryRegistry {
  const registry = memoryRegistry('source.azurecr.io');
  for (const repository of ['team/api', 'team/web', 'other/db']) {
    registry.push(repository, image(`${repository} 1`, ['base', `${repository} layer`]), 'v1');
    registry.push(repository, image(`${repository} 2`, ['base', `${repository} layer 2`]), 'v2');
  }
  return registry;
}

const planning = (
  registry: Registry,
  lines: readonly string[],
  changes: Partial<PlanInput> = {},
): Promise<Result<Plan>> =>
  buildPlan({
    registry,
    lines: selectionOf(lines),
    baseline: null,
    includeReferrers: true,
    now: Date.UTC(2026, 0, 1),
    transferName: 'nightly',
    limits: { artifacts: 50, bytes: null },
    earlier: [],
    resumesPartial: true,
    ...changes,
  });

async function planOf(...input: Parameters<typeof planning>): Promise<Plan> {
  const planned = await planning(...input);
  if (!planned.ok) throw new AggregateError(planned.problem);
  return planned.value;
}

async function failuresOf(...input: Parameters<typeof planning>): Promise<readonly TransferError[]> {
  const planned = await planning(...input);
  return planned.ok ? [] : planned.problem;
}

const ids = (failures: readonly TransferError[]): string[] => failures.map(({ facts }) => facts.id);
const references = (plan: Plan): string[] =>
  plannedArtifacts(plan)
    .map(({ reference }) => formatReference(reference))
    .sort();

describe('the repositories that are discovered', () => {
  it('are those that lines name, without the catalog', async () => {
    const registry = stocked();

    expect(references(await planOf(registry, ['team/api:*']))).toEqual(['team/api:v1', 'team/api:v2']);
    expect(requestsOf(registry)).toEqual({ manifests: 1, manifest: 2 });
  });

  it('are those that a glob matches, and no others', async () => {
    const registry = stocked();

    expect(references(await planOf(registry, ['team/*:v1']))).toEqual(['team/api:v1', 'team/web:v1']);
    expect(requestsOf(registry)).toEqual({ repositories: 1, manifests: 2, manifest: 2 });
  });

  it('are each discovered once, even if several lines match them', async () => {
    const registry = stocked();
    await planOf(registry, ['team/api:v1', 'team/*:v2', '**:v1']);

    expect(requestsOf(registry).manifests).toBe(3);
  });
});

describe('a registry whose catalog cannot be listed', () => {
  const abac = (): Registry => ({
    ...stocked(),
    repositories: () => Promise.resolve({ ok: false, problem: 'HTTP 403' }),
  });

  it('is no problem for lines that name their repositories', async () => {
    expect(references(await planOf(abac(), ['team/api:v*', '!team/*:v2']))).toEqual(['team/api:v1']);
  });

  it('is reported with the lines that need the catalog, and with the other errors', async () => {
    const found = await failuresOf(abac(), ['team/api:v1', 'team/*:v1', 'other/**:*', 'team/web:v9']);

    expect(ids(found)).toEqual(['ACRT3010', 'ACRT3005']);
    expect(found[0]?.facts.message).toContain('  line 2: team/*:v1\n  line 3: other/**:*');
    expect(found[0]?.facts.message).not.toContain('team/api');
    expect(found[0]?.facts.remedy).toContain('Container Registry Repository Catalog Lister');
  });
});

describe('lines that match nothing', () => {
  it.each([
    { line: 'team/api:v9', id: 'ACRT3005', message: 'team/api:v9' },
    { line: 'team/none:v1', id: 'ACRT3005', message: 'team/none:v1' },
    { line: `team/api@sha256:${'0'.repeat(64)}`, id: 'ACRT3005', message: 'team/api@sha256:000' },
    { line: 'team/api:x*', id: 'ACRT3011', message: '"team/api:x*" (line 2) matches no artifact in' },
    { line: 'team/none:*', id: 'ACRT3011', message: 'there is no repository team/none' },
    { line: 'none/*:*', id: 'ACRT3011', message: 'no repository matches the pattern' },
    { line: 'team/*:x*', id: 'ACRT3011', message: '2 repositories match the pattern, but none of their tags match' },
    { line: 'other/*:x*', id: 'ACRT3011', message: 'one repository matches the pattern, but none of its tags match' },
    { line: 'team/api:* semver=^9', id: 'ACRT3011', message: 'semver=^9' },
  ])('are an error: $line', async ({ line, id, message }) => {
    const found = await failuresOf(stocked(), ['team/api:v1', line]);

    expect(ids(found)).toEqual([id]);
    expect(found[0]?.facts.message).toContain(message);
    expect(found[0]?.facts.message).toContain('line 2');
  });

  it.each(['team/api:x* optional', 'team/none:v1 optional', 'none/*:* optional', '!team/none:*'])(
    'are no error if they are optional: %s',
    async (line) => {
      expect(await failuresOf(stocked(), ['team/api:v1', line])).toEqual([]);
    },
  );

  it('are not lines whose artifacts are all excluded', async () => {
    const plan = await planOf(stocked(), ['team/api:v2', '!team/api:v2', 'team/web:v1']);

    expect(reasonsOf(plan.skipped)).toEqual({ 'team/api:v2': 'excluded' });
  });

  it('are reported all at once', async () => {
    expect(ids(await failuresOf(stocked(), ['a/b:v1', 'c/d:*', 'team/api:v9']))).toEqual([
      'ACRT3005',
      'ACRT3011',
      'ACRT3005',
    ]);
  });
});

describe('a registry that cannot be read', () => {
  const unreadable = transferError('ACRT6004', { registry: 'r', reference: 'team/web', reason: 'HTTP 500' });

  it('is an error for a repository', async () => {
    const registry = stocked();
    const torn: Registry = {
      ...registry,
      manifests: (name) => (name === 'team/web' ? Promise.reject(unreadable) : registry.manifests(name)),
    };

    expect(await failuresOf(torn, ['team/*:*'])).toEqual([unreadable]);
  });

  it('is an error for the catalog', async () => {
    const torn: Registry = { ...stocked(), repositories: () => Promise.reject(unreadable) };

    expect(await failuresOf(torn, ['team/*:*'])).toEqual([unreadable]);
  });
});

describe('a plan', () => {
  it('counts shared content once in a batch, and compares with batches in the order of the listing', async () => {
    const { bytes, batches } = await planOf(stocked(), ['**:*'], { limits: { artifacts: 2, bytes: null } });

    expect(batches.map(({ index }) => index)).toEqual([1, 2, 3]);
    expect(bytes.planned).toBe(batches.reduce((sum, batch) => sum + batch.bytes, 0));
    expect(bytes.planned).toBeLessThanOrEqual(bytes.naive);
    expect(bytes.least).toBeLessThan(bytes.planned);
  });

  it("doesn't count artifacts that cannot be transferred", async () => {
    const registry = stocked();
    const alone = await planOf(registry, ['team/api:v1']);
    registry.push('team/api', { ...image('foreign'), foreign: ['sha256:f'] }, 'windows');
    const both = await planOf(registry, ['team/api:v1', 'team/api:windows']);

    expect(reasonsOf(both.skipped)).toEqual({ 'team/api:windows': 'blocked' });
    expect(both.bytes).toEqual(alone.bytes);
  });

  it('is the same in every order of lines and listings', async () => {
    const registry = stocked();
    const reversed: Registry = {
      ...registry,
      manifests: async (name) => (await registry.manifests(name))?.toReversed() ?? null,
    };
    const limits = { artifacts: 2, bytes: null };
    const names = ({ batches }: Plan): string[] => batches.map(({ blob }) => blob);

    expect(names(await planOf(reversed, ['other/*:*', 'team/*:*'], { limits }))).toEqual(
      names(await planOf(registry, ['team/web:*', '**:*'], { limits })),
    );
  });

  it('has the deleted artifacts of the baseline, including those of deleted repositories', async () => {
    const baseline = baselineOf('history', [
      { reference: 'team/old:v1', digest: image('old').digest, children: [] },
      { reference: 'else/old:v1', digest: image('old').digest, children: [] },
    ]);
    const { skipped } = await planOf(stocked(), ['team/*:*'], { baseline });

    expect(reasonsOf(skipped)).toEqual({ 'team/old:v1': 'deleted' });
  });

  it('resumes batches of an earlier attempt, with their reasons', async () => {
    const registry = stocked();
    const first = await planOf(registry, ['team/api:*']);
    const arrived = baselineOf('receipt', [
      { reference: 'team/api:v1', digest: image('team/api 1').digest, children: [] },
    ]);
    const plan = await planOf(registry, ['team/api:*', 'team/web:v1'], {
      baseline: arrived,
      earlier: first.batches,
    });

    expect(plan.batches.map(({ blob }) => blob)).toContain(first.batches[0]?.blob);
    expect(reasonsOf(plannedArtifacts(plan))).toEqual({
      'team/api:v1': 'resumed',
      'team/api:v2': 'new',
      'team/web:v1': 'new',
    });
    expect(plan.skipped).toEqual([]);
  });

  it('has a subject and its referrer in one batch', async () => {
    const registry = stocked();
    const subject = image('team/api 2', ['base', 'team/api layer 2']);
    const signature = referrer('signature', subject);
    registry.push('team/api', signature);
    const { batches } = await planOf(registry, ['**:*'], { limits: { artifacts: 2, bytes: null } });
    const together = batches.find(({ artifacts }) => artifacts.some(({ digest }) => digest === signature.digest));

    expect(together?.artifacts.map(({ digest }) => digest).sort()).toEqual([subject.digest, signature.digest].sort());
  });
});
