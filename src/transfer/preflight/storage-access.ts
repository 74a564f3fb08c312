/** How the pipeline reaches its container: by a SAS in Key Vault, or by the roles of its identity. */
import { transferError, type TransferError } from '../errors/index.ts';
import type { CheckResult } from '../model/check-result.ts';
import type { SasFacts } from '../model/sas.ts';
import type { AccessInspector, BlobPermissions, SecretFacts } from '../ports/access-inspector.ts';
import type { PipelineFacts } from '../ports/pipelines.ts';
import { checkResultsOf, judged } from './check-results.ts';
import { namesOf, optionsWithout, type CheckedPipeline } from './pipeline-checks.ts';
import { endsSoon, httpWarning, sasFaults } from './sas.ts';

/** What a pipeline needs of its container (Microsoft: ACR Transfer prerequisites). */
const NEEDED = { export: ['r', 'w', 'l', 'a'], import: ['r', 'l'] } as const;
const DELETES = 'DeleteSourceBlobOnSuccess';

const deletes = ({ id }: CheckedPipeline, { options }: PipelineFacts): boolean =>
  id.kind === 'import' && options.includes(DELETES);

const cannotDelete = ({ id }: CheckedPipeline, pipeline: PipelineFacts, by: string): TransferError =>
  transferError('ACRT3019', { ...namesOf(id), options: optionsWithout(pipeline, DELETES), by });

/** The letters of `sp` that a remedy should ask for. */
const wanted = (subject: CheckedPipeline, pipeline: PipelineFacts): string =>
  [...NEEDED[subject.id.kind], ...(deletes(subject, pipeline) ? ['d'] : [])].join('');

const uninterrupted = (uri: string): string => uri.replace(/\/+$/, '');

function secretFault(secret: SecretFacts, now: number): string | null {
  if (secret.kind === 'missing') return 'does not exist';
  if (!secret.enabled) return 'is disabled';
  if (secret.expiresAt !== null && secret.expiresAt <= now) {
    return `has expired at ${new Date(secret.expiresAt).toISOString()}`;
  }
  if (secret.startsAt !== null && secret.startsAt > now) {
    return `is not valid before ${new Date(secret.startsAt).toISOString()}`;
  }
  return secret.sas === null ? 'holds something that is no SAS' : null;
}

/** A secret is judged by what its vault and it itself say; its value is not known here. */
function judgeSas(
  subject: CheckedPipeline,
  pipeline: PipelineFacts,
  secretUri: string,
  sas: SasFacts,
  now: number,
): readonly CheckResult[] {
  const { side, id } = subject;
  const verdicts = checkResultsOf(side, 'sas');
  const faults = sasFaults(sas, NEEDED[id.kind], now);
  if (faults.length > 0) {
    const values = { side, pipeline: id.name, secret: secretUri, faults: faults.join('; ') };
    return [verdicts.error(transferError('ACRT3024', { ...values, permissions: wanted(subject, pipeline) }))];
  }
  const deletesWithout = deletes(subject, pipeline) && !sas.byPolicy && !sas.permissions.includes('d');
  const soon = endsSoon(sas.expiresAt, now);
  const warnings: readonly TransferError[] = [
    ...(deletesWithout ? [cannotDelete(subject, pipeline, 'the SAS in its secret')] : []),
    ...(soon === null ? [] : [transferError('ACRT3025', { side, what: `The SAS of pipeline ${id.name}`, ends: soon })]),
    ...httpWarning(side, `the SAS of pipeline ${id.name}`, sas),
  ];
  if (warnings.length > 0) return warnings.map(verdicts.warning);
  const ends = sas.expiresAt === null ? 'a stored access policy says when' : new Date(sas.expiresAt).toISOString();
  return [verdicts.ok(`SAS with ${sas.permissions}, ends: ${ends}`)];
}

function judgeSecret(
  subject: CheckedPipeline,
  pipeline: PipelineFacts,
  secretUri: string,
  secret: SecretFacts,
  now: number,
): readonly CheckResult[] {
  const { side, id } = subject;
  const verdicts = checkResultsOf(side, 'secret');
  const fault = secretFault(secret, now);
  if (fault !== null || secret.kind === 'missing' || secret.sas === null) {
    const values = { side, pipeline: id.name, secret: secretUri, fault: fault ?? 'cannot be used' };
    return [verdicts.error(transferError('ACRT3023', values))];
  }
  const soon = endsSoon(secret.expiresAt, now);
  const state =
    soon === null
      ? verdicts.ok(`${secretUri} is there`)
      : verdicts.warning(transferError('ACRT3025', { side, what: `The secret of pipeline ${id.name}`, ends: soon }));
  return [state, ...judgeSas(subject, pipeline, secretUri, secret.sas, now)];
}

async function bySecret(
  subject: CheckedPipeline,
  pipeline: PipelineFacts,
  secretUri: string,
  inspector: AccessInspector,
  now: number,
): Promise<readonly CheckResult[]> {
  const { side, id } = subject;
  const { principalId } = pipeline;
  const role = checkResultsOf(side, 'role');
  const [secret, reader] = await Promise.all([
    inspector.secret(secretUri),
    principalId === null ? null : inspector.mayReadSecret(principalId, secretUri),
  ]);
  const values = { side, pipeline: id.name, principal: principalId ?? '', secret: secretUri };
  return [
    ...judged(secret, checkResultsOf(side, 'secret'), (value) => judgeSecret(subject, pipeline, secretUri, value, now)),
    ...(reader === null
      ? []
      : judged(reader, role, (may) => [
          may
            ? role.ok('the identity of the pipeline may read its secret')
            : role.error(transferError('ACRT3027', values)),
        ])),
  ];
}

function judgePermissions(subject: CheckedPipeline, pipeline: PipelineFacts, rights: BlobPermissions): CheckResult {
  const { side, id } = subject;
  const role = checkResultsOf(side, 'role');
  const enough = id.kind === 'export' ? rights.read && rights.write : rights.read;
  if (enough && deletes(subject, pipeline) && !rights.delete) {
    return role.warning(cannotDelete(subject, pipeline, 'the role of its identity'));
  }
  if (enough) return role.ok(`the identity of the pipeline may ${id.kind === 'export' ? 'write' : 'read'} blobs`);
  const name = id.kind === 'export' || deletes(subject, pipeline) ? 'Contributor' : 'Reader';
  return role.error(
    transferError('ACRT3026', {
      side,
      pipeline: id.name,
      principal: pipeline.principalId ?? '',
      container: uninterrupted(pipeline.containerUri),
      role: `Storage Blob Data ${name}`,
    }),
  );
}

/**
 * Checks what the pipeline reaches its container with.
 * @param now milliseconds since the epoch
 */
export async function checkPipelineAccess(
  subject: CheckedPipeline,
  pipeline: PipelineFacts,
  inspector: AccessInspector,
  now: number,
): Promise<readonly CheckResult[]> {
  const { access, principalId, containerUri } = pipeline;
  if (access.kind === 'sas') return bySecret(subject, pipeline, access.secretUri, inspector, now);
  // That it has no identity is told already.
  if (principalId === null) return [];
  const rights = await inspector.blobRights(principalId, containerUri);
  return judged(rights, checkResultsOf(subject.side, 'role'), (value) => [judgePermissions(subject, pipeline, value)]);
}
