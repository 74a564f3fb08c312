/** Errors of pipeline runs, each in its own batch: the service's texts, and ARM's refusals of a start. */
import type { TransferErrorId } from '../../../src/transfer/errors/catalog.ts';
import { blobName, runName } from '../../../src/transfer/model/artifact.ts';
import type { FaultRule } from '../../sandbox/fault-rule.ts';
import { ALWAYS, rule } from '../faults/kind.ts';
import { storageError } from '../faults/kinds-data.ts';
import { smallImage, type Scene } from '../scene.ts';
import { armError, jsonAnswer } from './case.ts';

/** A batch that fails, by the tag of its only artifact. */
interface FailingRun {
  readonly id: TransferErrorId;
  /** The rule that makes it fail. */
  readonly ruleFor: (run: string, blob: string) => FaultRule;
}

const storageSdk = (status: number, code: string): string =>
  `Failed to copy.\r\nService request failed.\r\nStatus: ${status} (x)\r\nErrorCode: ${code}`;

const failedAtOnce = (id: TransferErrorId, message: string): FailingRun => ({
  id,
  ruleFor: (run) => {
    const response = { status: 'Failed', pipelineRunErrorMessage: message };
    const fault = jsonAnswer(200, { name: run, properties: { provisioningState: 'Failed', response } });
    return rule('arm', fault, { method: 'PUT', path: `/pipelineRuns/${run}` });
  },
});

const refused = (id: TransferErrorId, fault: FaultRule['fault'], times = 1): FailingRun => ({
  id,
  ruleFor: (run) => rule('arm', fault, { method: 'PUT', path: `/pipelineRuns/${run}`, times }),
});

const FAILING_RUNS: readonly FailingRun[] = [
  failedAtOnce('ACRT4011', 'A secret with (name/id) sas was not found in this key vault. SecretNotFound'),
  failedAtOnce('ACRT4012', storageSdk(403, 'AuthenticationFailed')),
  failedAtOnce('ACRT4013', storageSdk(404, 'ContainerNotFound')),
  failedAtOnce('ACRT4014', storageSdk(404, 'BlobNotFound')),
  failedAtOnce('ACRT4015', storageSdk(409, 'BlobAlreadyExists')),
  failedAtOnce('ACRT4016', 'manifest tagged by "v1" is not found: MANIFEST_UNKNOWN'),
  failedAtOnce('ACRT4017', 'The tag already exists and OverwriteTags is not set'),
  failedAtOnce('ACRT4018', storageSdk(503, 'ServerBusy')),
  failedAtOnce('ACRT4019', storageSdk(403, 'KeyBasedAuthenticationNotPermitted')),
  failedAtOnce('ACRT4020', 'REGISTRY_DISALLOWED_OPERATION: The operation is disallowed on this registry.'),
  failedAtOnce('ACRT4021', 'SIZE_INVALID: provided length did not match content length'),
  failedAtOnce('ACRT4022', storageSdk(403, 'KeyVaultEncryptionKeyNotFound')),
  refused('ACRT3036', armError(409, 'ScopeLocked', 'The scope cannot perform write operation.')),
  refused('ACRT3037', armError(403, 'RequestDisallowedByPolicy', 'Resource was disallowed by policy.')),
  refused('ACRT3038', armError(404, 'SubscriptionNotFound', 'The subscription could not be found.')),
  refused('ACRT3039', armError(409, 'MissingSubscriptionRegistration', 'The subscription is not registered.')),
  refused('ACRT3040', armError(429, 'TooManyRequests', 'The request is being throttled.'), ALWAYS),
  refused('ACRT3041', armError(400, 'BadRequest', "The registry 'X' has exports disabled.")),
  {
    id: 'ACRT4007',
    ruleFor: (_run, blob) =>
      rule('storage', storageError(404, 'BlobNotFound'), { method: 'HEAD', path: `/${blob}`, times: ALWAYS }),
  },
];

/** Batches that will fail. */
export interface FailingBatches {
  readonly artifacts: readonly string[];
  /** The ID of each artifact's error, by reference. */
  readonly expected: Readonly<Record<string, TransferErrorId>>;
}

/** Pushes an artifact for each error, and adds the faults. The transfer has one artifact in each batch. */
export async function prepareFailingBatches(scene: Scene, transferName: string): Promise<FailingBatches> {
  const repository = 'errors/runs';
  const images = await Promise.all(
    FAILING_RUNS.map(async (item) => ({ ...item, tag: item.id.toLowerCase(), image: await smallImage(item.id) })),
  );
  const contents = Object.fromEntries(images.map(({ tag, image }) => [tag, image]));
  const artifacts = await scene.push('source', repository, contents);
  for (const { tag, image, ruleFor } of images) {
    const artifact = { reference: { kind: 'tag', repository, tag } as const, digest: image.manifest.digest };
    const blob = blobName(transferName, [artifact]);
    const run = runName('export', scene.clouds.source.pipelines.managedIdentity, blob);
    await scene.sandbox.addFault('source', ruleFor(run, blob));
  }
  return { artifacts, expected: Object.fromEntries(images.map(({ id, tag }) => [`${repository}:${tag}`, id])) };
}
