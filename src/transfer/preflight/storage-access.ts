/** Checks how a pipeline accesses its container: with a SAS from Key Vault, or with the roles of its identity. */
import { transferError, type TransferError } from '../errors/index.ts';
import type { CheckResult } from '../model/check-result.ts';
import type { SasFacts } from '../model/sas.ts';
import type { AccessInspector, BlobPermissions, SecretFacts } from '../ports/access-inspector.ts';
import type { PipelineFacts } from '../ports/pipelines.ts';
import { checkResultsOf, resultsOfObservation } from './check-results.ts';
import { namesOf, optionsWithout, type CheckedPipeline } from './pipeline-checks.ts';
import { expiresSoon, httpWarning, sasProblems } from './sas.ts';

/** Permissions that a pipeline needs on its container (Microsoft: ACR Transfer prerequisites). */
const NEEDED = { export: ['r', 'w', 'l', 'a'], import: ['r', 'l'] } as const;
const DELETES = 'DeleteSourceBlobOnSuccess';

const deletes = ({ id }: CheckedPipeline, { options }: PipelineFacts): boolean =>
  id.kind === 'import' && options.includes(DELETES);

const cannotDelete = ({ id }: CheckedPipeline, pipeline: PipelineFacts, by: string): TransferError =>
  transferError('ACRT3019', { ...namesOf(id), options: optionsWithout(pipeline, DELETES), by });

/** The letters of `sp` that the remedy names. */
const neededPermissions = (subject: CheckedPipeline, pipeline: PipelineFacts): string =>
  [...NEEDED[subject.id.kind], ...(deletes(subject, pipeline) ? ['d'] : [])].join('');

const withoutTrailingSlash = (uri: string): string => uri.replace(/\/+$/, '');

/** Why a secret can't be used, as the end of a sentence; null if it can. */
function secretProblem(secret: SecretFacts, now: number): string | null {
  if (secret.kind === 'missing') return 'does not exist';
  if (!secret.enabled) return 'is disabled';
  if (secret.expiresAt !== null && secret.expiresAt <= now) {
    return `expired at ${new Date(secret.expiresAt).toISOString()}`;
  }
  if (secret.startsAt !== null && secret.startsAt > now) {
    return `is not valid before ${new Date(secret.startsAt).toISOString()}`;
  }
  return secret.sas === null ? 'does not contain a SAS' : null;
}

/** Checks the properties of the SAS in a secret. Its value isn't known here. */
function sasResults(
  subject: CheckedPipeline,
  pipeline: PipelineFacts,
  secretUri: string,
  sas: SasFacts,
  now: number,
): readonly CheckResult[] {
  const { side, id } = subject;
  const result = checkResultsOf(side, 'sas');
  const problems = sasProblems(sas, NEEDED[id.kind], now);
  if (problems.length > 0) {
    const permissions = neededPermissions(subject, pipeline);
    const values = { side, pipeline: id.name, secret: secretUri, faults: problems.join('; '), permissions };
    return [result.error(transferError('ACRT3024', values))];
  }
  const lacksDelete = deletes(subject, pipeline) && !sas.byPolicy && !sas.permissions.includes('d');
  const soon = expiresSoon(sas.expiresAt, now);
  const warnings: readonly TransferError[] = [
    ...(lacksDelete ? [cannotDelete(subject, pipeline, 'the SAS in its secret')] : []),
    ...(soon === null ? [] : [transferError('ACRT3025', { side, what: `The SAS of pipeline ${id.name}`, ends: soon })]),
    ...httpWarning(side, `the SAS of pipeline ${id.name}`, sas),
  ];
  if (warnings.length > 0) return warnings.map(result.warning);
  const expires =
    sas.expiresAt === null ? 'with its stored access policy' : `at ${new Date(sas.expiresAt).toISOString()}`;
  return [result.ok(`SAS with ${sas.permissions}, expires ${expires}`)];
}

function secretResults(
  subject: CheckedPipeline,
  pipeline: PipelineFacts,
  secretUri: string,
  secret: SecretFacts,
  now: number,
): readonly CheckResult[] {
  const { side, id } = subject;
  const result = checkResultsOf(side, 'secret');
  const problem = secretProblem(secret, now);
  if (problem !== null || secret.kind === 'missing' || secret.sas === null) {
    const values = { side, pipeline: id.name, secret: secretUri, fault: problem ?? "can't be used" };
    return [result.error(transferError('ACRT3023', values))];
  }
  const soon = expiresSoon(secret.expiresAt, now);
  const state =
    soon === null
      ? result.ok(`${secretUri} exists`)
      : result.warning(transferError('ACRT3025', { side, what: `The secret of pipeline ${id.name}`, ends: soon }));
  return [state, ...sasResults(subject, pipeline, secretUri, secret.sas, now)];
}

async function checkSecretAccess(
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
    principalId === null ? null : inspector.canReadSecret(principalId, secretUri),
  ]);
  const values = { side, pipeline: id.name, principal: principalId ?? '', secret: secretUri };
  return [
    ...resultsOfObservation(secret, checkResultsOf(side, 'secret'), (value) =>
      secretResults(subject, pipeline, secretUri, value, now),
    ),
    ...(reader === null
      ? []
      : resultsOfObservation(reader, role, (canRead) => [
          canRead
            ? role.ok('the identity of the pipeline can read its secret')
            : role.error(transferError('ACRT3027', values)),
        ])),
  ];
}

function roleResult(subject: CheckedPipeline, pipeline: PipelineFacts, permissions: BlobPermissions): CheckResult {
  const { side, id } = subject;
  const role = checkResultsOf(side, 'role');
  const enough = id.kind === 'export' ? permissions.read && permissions.write : permissions.read;
  if (enough && deletes(subject, pipeline) && !permissions.delete) {
    return role.warning(cannotDelete(subject, pipeline, 'the role of its identity'));
  }
  if (enough) return role.ok(`the identity of the pipeline can ${id.kind === 'export' ? 'write' : 'read'} blobs`);
  const name = id.kind === 'export' || deletes(subject, pipeline) ? 'Contributor' : 'Reader';
  return role.error(
    transferError('ACRT3026', {
      side,
      pipeline: id.name,
      principal: pipeline.principalId ?? '',
      container: withoutTrailingSlash(pipeline.containerUri),
      role: `Storage Blob Data ${name}`,
    }),
  );
}

/**
 * Checks how a pipeline accesses its container.
 * @param now milliseconds since the epoch
 */
export async function checkPipelineAccess(
  subject: CheckedPipeline,
  pipeline: PipelineFacts,
  inspector: AccessInspector,
  now: number,
): Promise<readonly CheckResult[]> {
  const { access, principalId, containerUri } = pipeline;
  if (access.kind === 'sas') return checkSecretAccess(subject, pipeline, access.secretUri, inspector, now);
  // A missing identity is an error of the check pipeline-identity.
  if (principalId === null) return [];
  const permissions = await inspector.blobPermissions(principalId, containerUri);
  const role = checkResultsOf(subject.side, 'role');
  return resultsOfObservation(permissions, role, (value) => [roleResult(subject, pipeline, value)]);
}
