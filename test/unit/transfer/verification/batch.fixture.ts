/** A batch with an index, an image and a signature, and a target that has imported it. */
import type { Artifact, Batch } from '../../../../src/transfer/model/artifact.ts';
import { image, index, memoryRegistry, referrer } from '../ports/registry.fixture.ts';

export const LOGIN_SERVER = 'target.azurecr.us';

export const child = image('child');
export const all = index('all', [child]);
export const single = image('single');
export const signature = referrer('signature', single);
export const foreign = image('foreign');

export const artifact = (
  repository: string,
  name: string | null,
  { digest, mediaType, children }: typeof all,
): Artifact => ({
  reference: name === null ? { kind: 'digest', repository, digest } : { kind: 'tag', repository, tag: name },
  digest,
  mediaType,
  size: 0,
  children,
  subject: null,
});

export const BATCH: Batch = {
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
export function target() {
  const registry = memoryRegistry(LOGIN_SERVER);
  registry.push('team/all', child);
  registry.push('team/all', all, 'latest');
  registry.push('team/one', single, 'v1');
  registry.push('team/one', signature);
  return registry;
}
