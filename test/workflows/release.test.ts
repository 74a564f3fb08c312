/** The release workflow, with emulations of npm and gh: order, failures, and permissions of its jobs. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ROOT } from '../../scripts/action-definition.ts';
import { openBench } from './fixture.ts';
import { writeProgram } from './played/github.ts';
import { conclusionsOf, failuresOf, jobOf, type RunResult } from './result.ts';
import type { RunOptions } from './run.ts';
import { runWorkflow } from './run-workflow.ts';
import type { StandIn } from './stand-ins/stand-in.ts';
import { OWN_REPOSITORY } from './step-uses.ts';

const bench = openBench();

afterAll(() => {
  bench.close();
});

const attest: StandIn = {
  inputs: ['subject-checksums'],
  play: ({ inputs, machine }) => {
    const sums = readFileSync(join(machine.workspace, inputs['subject-checksums'] ?? ''), 'utf8');
    const bundle = join(machine.temp, 'bundle.json');
    writeFileSync(bundle, sums);
    return Promise.resolve({ 'bundle-path': bundle });
  },
};

interface Released {
  readonly run: RunResult;
  /** The arguments of each call of gh, in order. */
  readonly told: readonly string[];
}

let releases = 0;

/** Releases 1.2.0 from a repository whose gate is this script. */
async function release(gate: string, immutable = true, options: Partial<RunOptions> = {}): Promise<Released> {
  releases += 1;
  const folder = join(bench.folder, String(releases));
  const checkout = join(folder, 'repository');
  for (const name of ['dist', '.ci']) mkdirSync(join(checkout, name), { recursive: true });
  writeFileSync(join(checkout, 'dist', 'index.js'), 'run()');
  writeFileSync(join(checkout, '.ci', 'run'), gate);
  cpSync(join(ROOT, 'THIRD-PARTY-LICENSES.md'), join(checkout, 'THIRD-PARTY-LICENSES.md'));
  const programs = join(folder, 'bin');
  const calls = join(folder, 'gh.txt');
  writeProgram(programs, 'npm', 'case "$*" in *sbom*) cat > /dev/null; echo "{}";; *notes*) echo "notes of $*";; esac');
  writeProgram(
    programs,
    'gh',
    `echo "$*" >> '${calls}'
case "$*" in
  'release view '*) exit 1;;
  'release create '*) for file in release/*; do echo "has $file" >> '${calls}'; done;;
  *immutable*) echo ${String(immutable)};;
  *commits*) echo "$SHA";;
esac`,
  );
  const path = '.github/workflows/release.yml';
  const run = await runWorkflow(
    { path, text: readFileSync(join(ROOT, path), 'utf8') },
    {
      folder,
      inputs: { version: '1.2.0' },
      repository: OWN_REPOSITORY,
      checkout,
      path: [programs],
      actions: { 'actions/attest-build-provenance': attest },
      ...options,
    },
  );
  return { run, told: existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : [] };
}

describe('a release', () => {
  it('is drafted whole, published when it is approved, and v1 moves last', async () => {
    const gates: string[] = [];
    const { run, told } = await release('true', true, {
      approve: ({ environment, job }) => gates.push(`${job}: ${environment}`) > 0,
    });
    expect(failuresOf(run)).toEqual([]);
    expect(gates).toEqual(['publish: release']);
    expect(told.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      'release view v1.2.0',
      'release create v1.2.0',
      'has release/SHA256SUMS',
      'has release/THIRD-PARTY-LICENSES.md',
      'has release/notes.md',
      'has release/provenance.sigstore.json',
      'has release/sbom.cdx.json',
      'release edit v1.2.0',
      'api repos/acr-transfer/acr-transfer/releases/tags/v1.2.0 --jq',
      'api repos/acr-transfer/acr-transfer/commits/v1.2.0 --jq',
      'api --method PATCH',
    ]);
    expect(told.at(-1)).toContain('git/refs/tags/v1 ');
    for (const asset of ['SHA256SUMS', 'sbom.cdx.json', 'THIRD-PARTY-LICENSES.md', 'provenance.sigstore.json']) {
      expect(told[1]).toContain(`release/${asset}`);
    }
  });

  it('grants signing only to a job that writes nothing, and writing only to jobs without code of this repository', async () => {
    const { run } = await release('true');
    expect(jobOf(run, 'build').permissions).toEqual({ contents: 'read' });
    expect(jobOf(run, 'attest').permissions).toEqual({ contents: 'read', 'id-token': 'write', attestations: 'write' });
    for (const id of ['draft', 'publish']) {
      const { permissions, steps } = jobOf(run, id);
      expect(permissions).toEqual({ contents: 'write' });
      expect(steps.some(({ name }) => name.includes('checkout'))).toBe(false);
    }
  });

  it.each([
    { name: 'it is not of main', gate: 'true', options: { ref: 'refs/heads/other' }, red: 'build' },
    { name: 'the gate is red', gate: 'false', options: {}, red: 'build' },
    {
      name: 'the gate leaves another dist/ than was committed',
      gate: 'echo >> dist/index.js',
      options: {},
      red: 'attest',
    },
    { name: 'the gate leaves a file in dist/', gate: 'touch dist/more.js', options: {}, red: 'attest' },
  ])('is not drafted if $name', async ({ gate, options, red }) => {
    const { run, told } = await release(gate, true, options);
    expect(conclusionsOf(run)).toMatchObject({ [red]: 'failure', draft: 'skipped', publish: 'skipped' });
    expect(told).toEqual([]);
  });

  it('stays a draft without an approval', async () => {
    const { run, told } = await release('true', true, { approve: () => false });
    expect(conclusionsOf(run)).toMatchObject({ draft: 'success', publish: 'failure' });
    expect(told.filter((line) => line.startsWith('release edit') || line.startsWith('api'))).toEqual([]);
  });

  it('moves no major tag while the release can still be changed', async () => {
    const { run, told } = await release('true', false);
    expect(jobOf(run, 'publish').conclusion).toBe('failure');
    expect(jobOf(run, 'publish').log).toContain('turn on immutable releases');
    expect(told.filter((line) => line.includes('git/refs'))).toEqual([]);
  });
});
