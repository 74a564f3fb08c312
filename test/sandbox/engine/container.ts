import { Agent } from 'node:https';
import { ContainerClient } from '@azure/storage-blob';
import type { StoragePipelineOptions, RestError } from '@azure/storage-blob';
import { RunFailure } from '../contracts.ts';
import type { PipelineAccess } from '../contracts.ts';
import type { EngineParts } from './parts.ts';

const STORAGE_AUDIENCE = 'https://storage.azure.com';

/** Soon enough to know that storage refuses: a run has no one to wait for. */
const RETRIES = { maxTries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 1000 };

async function sasOf(parts: EngineParts, secretUri: string, principalId: string): Promise<string> {
  try {
    return (await parts.vaultSecret(secretUri, principalId)).replace(/^\?/, '');
  } catch (cause) {
    // Assumed: the text. Microsoft Learn, "Troubleshoot": the run "fails with a 403 Forbidden error".
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new RunFailure(`Failed to access key vault.  ${message}`, { cause });
  }
}

/**
 * Opens a pipeline's container with the pipeline's own access and nothing else. The CA goes to this client alone, by way of its agent: the
 * core client takes one among its options, though the storage package does not list it. Throws RunFailure when the vault refuses.
 */
export async function openContainer(
  parts: EngineParts,
  containerUri: string,
  access: PipelineAccess,
): Promise<ContainerClient> {
  const options: StoragePipelineOptions & { agent: Agent } = {
    agent: new Agent({ ca: parts.ca, keepAlive: true }),
    retryOptions: RETRIES,
  };
  if (access.kind === 'SasToken') {
    const sas = await sasOf(parts, access.secretUri, access.principalId);
    return new ContainerClient(`${containerUri}?${sas}`, undefined, options);
  }
  const getToken = async (): Promise<{ token: string; expiresOnTimestamp: number }> => ({
    token: await parts.tokens.mintFor(access.principalId, STORAGE_AUDIENCE),
    expiresOnTimestamp: Date.now() + 300_000,
  });
  return new ContainerClient(containerUri, { getToken }, options);
}

/** An answer to HEAD has no body, and the SDK does not give the reason phrase: what Blob storage says with these codes. */
const REASONS: Readonly<Record<string, string>> = {
  AuthorizationPermissionMismatch: 'This request is not authorized to perform this operation using this permission',
  AuthenticationFailed: 'Server failed to authenticate the request',
  InvalidAuthenticationInfo: 'Server failed to authenticate the request',
};

function reasonOf(error: RestError): string {
  const [line = ''] = error.message.split('\n');
  const code = error.response?.headers.get('x-ms-error-code') ?? error.code ?? '';
  return line.replace(/\.$/, '') || (REASONS[code] ?? code);
}

/**
 * A refusal of storage in the service's words, seen in Azure/azure-cli-extensions#8706; the double blanks stand where the service's own text
 * breaks lines.
 */
export function storageFailure(error: RestError): RunFailure {
  const status = error.statusCode === undefined ? '' : `  Status: ${error.statusCode}`;
  return new RunFailure(`Failed to access storage.  Service request failed.${status} (${reasonOf(error)})`, {
    cause: error,
  });
}
