import { Agent } from 'node:https';
import { ContainerClient } from '@azure/storage-blob';
import type { StoragePipelineOptions, RestError } from '@azure/storage-blob';
import { RunFailure } from '../contracts.ts';
import type { PipelineAccess } from '../contracts.ts';
import type { EngineParts } from './parts.ts';

const STORAGE_AUDIENCE = 'https://storage.azure.com';

/** Short retries, so that a refusal of storage ends the run soon. */
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
 * Opens a pipeline's container with the pipeline's own access. Only this client trusts the CA, by its agent. The core client
 * has an option for it that the storage package doesn't list. Throws RunFailure if the vault refuses.
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

/** A response to HEAD has no body, and the SDK doesn't return the reason phrase: the texts of Blob storage for these codes. */
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
 * A refusal of storage in the service's words, seen in Azure/azure-cli-extensions#8706. Double blanks replace the line breaks
 * of the service's text.
 */
export function storageFailure(error: RestError): RunFailure {
  const status = error.statusCode === undefined ? '' : `  Status: ${error.statusCode}`;
  return new RunFailure(`Failed to access storage.  Service request failed.${status} (${reasonOf(error)})`, {
    cause: error,
  });
}
