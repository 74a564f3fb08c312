import { DEFAULT_JOB, subjectOf } from '../sandbox/id-token-claims.ts';
import type { SandboxDescription } from '../sandbox/description.ts';
import { REPOSITORY } from './contexts.ts';
import type { Named, RunOptions } from './run.ts';

/** The jobs that the clouds of a repository trust, as the samples set it up: only those of its environment `azure`. */
export const TRUSTED = subjectOf({ ...DEFAULT_JOB, repository: REPOSITORY, environment: 'azure' });

/**
 * Options for runs that use a sandbox: its certificates, its id-token service, and its clouds as replacements of the named
 * ones.
 * @param target names of the clouds that are replaced by the target. All others are replaced by the source
 */
export function sandboxOptions(
  sandbox: SandboxDescription,
  target: readonly string[] = ['azureusgovernment'],
): Pick<RunOptions, 'env' | 'idToken' | 'clouds'> {
  const { arm } = sandbox.target;
  return {
    env: { NODE_EXTRA_CA_CERTS: sandbox.caFile },
    idToken: { url: sandbox.github.requestUrl, token: sandbox.github.requestToken },
    clouds: { azurecloud: sandbox.source.arm, ...Object.fromEntries(target.map((name) => [name, arm])) },
  };
}

/** The variables with which the workflows of a repository sign in on both sides. */
export const signInVariables = ({ source, target }: SandboxDescription): Named => ({
  SOURCE_TENANT_ID: source.tenantId,
  SOURCE_CLIENT_ID: source.client.clientId,
  TARGET_TENANT_ID: target.tenantId,
  TARGET_CLIENT_ID: target.client.clientId,
});
