/** Errors of sign-in, of the registry, of documents and of the source trigger. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Side } from '../../sandbox/description.ts';
import type { FaultRule } from '../../sandbox/fault-rule.ts';
import { ALWAYS, rule } from '../faults/kind.ts';
import type { HandoffScene } from '../handoff.fixture.ts';
import { armError, FAST, jsonAnswer, type ErrorCase } from './case.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const NO_DIGEST = `sha256:${'0'.repeat(64)}`;

const signInRefused = (code: number, words: string): FaultRule =>
  rule(
    'entra',
    jsonAnswer(400, { error: 'invalid_grant', error_description: `AADSTS${code}: ${words}`, error_codes: [code] }),
    { path: '/token', times: ALWAYS },
  );

const registryRefuses = (repository: string, status: number, code: string, message: string): FaultRule =>
  rule('registry', jsonAnswer(status, { errors: [{ code, message }] }), {
    method: 'GET',
    path: repository,
    times: ALWAYS,
  });

const faults =
  (...rules: readonly (readonly [Side, FaultRule])[]) =>
  async ({ sandbox }: HandoffScene): Promise<void> => {
    for (const [side, fault] of rules) await sandbox.addFault(side, fault);
  };

/** Repositories that cannot be read, each for another reason. */
async function unreadable(scene: HandoffScene): Promise<void> {
  const child = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: NO_DIGEST, size: 2 };
  const content = { schemaVersion: 2, mediaType: INDEX, manifests: [child] };
  await scene.sandbox.putManifests(
    'source',
    ['partial', 'closed', 'busy'].map((name) => ({
      repository: `errors/${name}`,
      mediaType: INDEX,
      content,
      tag: 'v1',
    })),
  );
  const firewall =
    "client with IP '192.0.2.1' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.";
  await faults(
    ['source', registryRefuses('errors/closed', 403, 'DENIED', firewall)],
    ['source', registryRefuses('errors/busy', 429, 'TOOMANYREQUESTS', 'too many requests')],
  )(scene);
}

const NEWER = 'newer.transfer.json';

/** See {@link ErrorCase}. */
export const TRANSFER_CASES: readonly ErrorCase[] = [
  {
    name: 'sign-in that is refused on both sides, by an unknown code and by a policy',
    ids: ['ACRT2001', 'ACRT2010'],
    arrange: faults(
      ['source', signInRefused(999999, 'Something unknown.')],
      ['target', signInRefused(53003, 'Access has been blocked by Conditional Access policies.')],
    ),
    inputs: ({ both }) => ({ ...both, artifacts: 'errors/any:v1' }),
  },
  {
    name: 'an id-token that is out of date, and a control plane that fails',
    ids: ['ACRT2011', 'ACRT3009'],
    arrange: faults(
      ['source', signInRefused(700024, 'Client assertion is not within its valid time range.')],
      [
        'target',
        rule('arm', armError(400, 'Teapot', 'Short and stout.'), { path: '/importPipelines/', times: ALWAYS }),
      ],
    ),
    inputs: ({ both }) => ({ ...both, artifacts: 'errors/any:v1' }),
  },
  {
    name: 'a pattern that matches nothing',
    ids: ['ACRT3011'],
    inputs: (scene) => ({ ...scene.inputsOf('source'), mode: 'export', artifacts: 'errors/none:v*' }),
  },
  {
    name: 'repositories that cannot be read',
    ids: ['ACRT6003', 'ACRT6005', 'ACRT6006'],
    arrange: unreadable,
    inputs: (scene) => ({
      ...scene.inputsOf('source'),
      mode: 'export',
      artifacts: 'errors/partial:v1\nerrors/closed:v1\nerrors/busy:v1',
    }),
    options: () => ({ env: FAST }),
  },
  {
    name: 'a transfer manifest that is not there',
    ids: ['ACRT7001'],
    inputs: (scene) => ({ ...scene.inputsOf('target'), mode: 'import', 'transfer-name': 'errors-none' }),
  },
  {
    name: 'a transfer manifest of a newer release',
    ids: ['ACRT7002'],
    arrange: ({ workspace }) => {
      writeFileSync(join(workspace, NEWER), JSON.stringify({ kind: 'acr-transfer/manifest', version: 2 }));
      return Promise.resolve();
    },
    inputs: (scene) => ({ ...scene.inputsOf('target'), mode: 'import', manifest: NEWER }),
  },
  {
    name: 'a source trigger that starts no run',
    ids: ['ACRT4005'],
    arrange: ({ containers }) => containers.put('target', 'errors-untouched.tar', Buffer.from('not imported')),
    inputs: (scene) => ({
      ...scene.inputsOf('target'),
      mode: 'import',
      'import-by': 'trigger',
      blobs: '["errors-untouched.tar"]',
    }),
    options: () => ({ env: FAST }),
  },
];
