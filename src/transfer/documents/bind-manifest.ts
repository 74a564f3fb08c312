/** Binds a transfer manifest to its name, to the target and to the allowed sources of a step. */
import { transferError } from '../errors/index.ts';
import { manifestName } from '../model/names.ts';
import { isSameResource } from '../model/pipeline-id.ts';
import type { ManifestDocument } from './schemas.ts';

/** What a step requires of a transfer manifest. */
interface ManifestBinding {
  /** Name of the blob, or path of the file. */
  readonly place: string;
  /** Whether it is a blob. A file can have any name. */
  readonly isBlob: boolean;
  /** The transfer name that the manifest must have; null: any. */
  readonly transferName: string | null;
  /** ARM resource ID of this step's target registry; null if the step doesn't know it. */
  readonly target: string | null;
  /** Login servers of the accepted source registries; empty: any. */
  readonly allowedSources: readonly string[];
}

function nameProblem({ transferName }: ManifestDocument, binding: ManifestBinding): string | null {
  if (binding.isBlob && binding.place !== manifestName(transferName)) {
    return `its transfer name is ${transferName}, so its blob has to be named ${manifestName(transferName)}`;
  }
  if (binding.transferName === null || binding.transferName === transferName) return null;
  return `its transfer name is ${transferName}, but transfer-name is ${binding.transferName}`;
}

/** A manifest whose export didn't know the target (`target` is null) is accepted at any target. */
function targetProblem({ target }: ManifestDocument, binding: ManifestBinding): string | null {
  if (target === null || binding.target === null || isSameResource(target, binding.target)) return null;
  return `it is for the target registry ${target}, but the target of this step is ${binding.target}`;
}

/**
 * Checks that a manifest belongs to this step. Each client that can write to the container can write a manifest, so nothing
 * else in it is used before this check.
 * @throws ACRT7009 if it has another name or another target, or lists nothing; ACRT7010 if its source isn't allowed
 */
export function bindManifest(document: ManifestDocument, binding: ManifestBinding): void {
  const { place, allowedSources } = binding;
  const name = nameProblem(document, binding);
  if (name !== null) throw transferError('ACRT7009', { place, reason: name, fault: 'name' });
  const target = targetProblem(document, binding);
  if (target !== null) throw transferError('ACRT7009', { place, reason: target, fault: 'target' });
  const { registry } = document;
  if (allowedSources.length > 0 && !allowedSources.some((source) => isSameResource(source, registry))) {
    throw transferError('ACRT7010', { place, registry, allowed: allowedSources.join(', ') });
  }
  if (document.batches.length === 0 && document.missing.length === 0) {
    throw transferError('ACRT7009', { place, reason: 'it lists no artifacts', fault: 'empty' });
  }
}
