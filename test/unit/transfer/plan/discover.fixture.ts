import type { Candidate } from '../../../../src/transfer/model/plan.ts';
import { formatReference, type Reference } from '../../../../src/transfer/model/reference.ts';
import { liveTarget } from '../../../../src/transfer/plan/baseline/baseline.ts';
import { totalBytes } from '../../../../src/transfer/plan/inspect-artifact.ts';
import { createDeduplicate, type DiscoverInput } from '../../../../src/transfer/plan/repository.ts';
import type { Manifest } from '../../../../src/transfer/ports/registry.ts';
import { memoryRegistry, type MemoryRegistry } from '../ports/registry.fixture.ts';
import { selectionOf } from '../ports/context.fixture.ts';

/** The repository of most tests. */
export const REPOSITORY = 'team/api';

/** The two registries of a transfer. */
export interface Registries {
  readonly source: MemoryRegistry;
  readonly target: MemoryRegistry;
}

/** Creates two registries with the same content in one repository. */
export function twoRegistries(...shared: readonly (readonly [manifest: Manifest, tag?: string])[]): Registries {
  const registries = { source: memoryRegistry('source.azurecr.io'), target: memoryRegistry('target.azurecr.us') };
  for (const [manifest, tag] of shared) {
    for (const registry of [registries.source, registries.target]) registry.push(REPOSITORY, manifest, tag);
  }
  return registries;
}

/** The input of discovery, compared with the live target. */
export const inputOf = (
  { source, target }: Registries,
  lines: readonly string[],
  changes: Partial<DiscoverInput> = {},
): DiscoverInput => ({
  registry: source,
  lines: selectionOf(lines),
  baseline: liveTarget(target),
  includeReferrers: true,
  now: Date.UTC(2026, 0, 1),
  limitReads: (work) => work(),
  listings: { sent: 0 },
  deduplicate: createDeduplicate(),
  ...changes,
});

/** References and reasons, by reference. */
export const reasonsOf = (
  items: readonly { readonly reference: Reference; readonly reason: { readonly kind: string } }[],
): Record<string, string> =>
  Object.fromEntries(items.map(({ reference, reason }) => [formatReference(reference), reason.kind]));

/** `repository@digest` of a manifest in {@link REPOSITORY}. */
export const byDigest = ({ digest }: Pick<Manifest, 'digest'>): string => `${REPOSITORY}@${digest}`;

/** An artifact that is transferred because a line selects it. */
export const toTransferOf = (manifest: Manifest, tag: string | null, changes: Partial<Candidate> = {}): Candidate => ({
  reference:
    tag === null
      ? { kind: 'digest', repository: REPOSITORY, digest: manifest.digest }
      : { kind: 'tag', repository: REPOSITORY, tag },
  digest: manifest.digest,
  mediaType: manifest.mediaType,
  size: totalBytes([...manifest.content, manifest]),
  children: manifest.children,
  subject: manifest.subject,
  where: 'line 1',
  reason: { kind: 'new' },
  root: `${REPOSITORY}@${manifest.digest}`,
  content: [...manifest.content, { digest: manifest.digest, size: manifest.size }],
  foreign: manifest.foreign,
  ...changes,
});
