/** Checks the container of a side: whether it exists, the permissions, and the network rules of its account. */
import { failed, toResult, transferError, type TransferError } from '../errors/index.ts';
import type { CheckResult } from '../model/check-result.ts';
import { readSas } from '../model/sas.ts';
import type { Side } from '../model/side.ts';
import type { AccessInspector, BlobPermissions, Observation, StorageAccountFacts } from '../ports/access-inspector.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import { checkResultsOf, errorsOf, resultsOfObservation } from './check-results.ts';
import { expiresSoon, httpWarning, sasProblems, type SasPermission } from './sas.ts';

/** How a step uses a container. */
export type ContainerUse = 'read' | 'write';

/** A container that a step uses, and how. */
interface UsedContainer {
  readonly side: Side;
  readonly container: BlobContainer;
  /** Name of a blob that is looked up, whether or not it exists, to test the access. */
  readonly probe: string;
  readonly use: ContainerUse;
  /** The SAS from the inputs; null if the step signs in. */
  readonly sas: string | null;
}

const NEEDED: Readonly<Record<ContainerUse, readonly SasPermission[]>> = { read: ['r'], write: ['r', 'w'] };

/** A SAS from the inputs that expires within this time causes a warning, milliseconds. */
const SHORT_LIFETIME = 60 * 60 * 1000;

/** How the network rules of a storage account restrict access, as the end of a sentence; null if they don't. */
function networkRule({ network }: StorageAccountFacts): string | null {
  if (!network.publicAccess) return 'has public network access disabled (publicNetworkAccess)';
  if (!network.restricted) return null;
  return `allows only selected networks (networkAcls)${network.trustedServices ? '' : ', without trusted services'}`;
}

/** Checks the properties of the SAS from the inputs. */
export function givenSasResults(
  { side, container, use }: UsedContainer,
  sas: string,
  now: number,
): readonly CheckResult[] {
  const result = checkResultsOf(side, 'sas');
  const facts = readSas(sas);
  const problems = facts === null ? ['it has no signature (sig)'] : sasProblems(facts, NEEDED[use], now);
  if (facts === null || problems.length > 0) {
    return [result.error(transferError('ACRT3029', { side, container: container.uri, faults: problems.join('; ') }))];
  }
  const soon = expiresSoon(facts.expiresAt, now);
  // A short lifetime is good practice if the workflow creates the SAS. Within an hour, it might end before the copy does.
  const isShort = soon !== null && Date.parse(soon) - now < SHORT_LIFETIME;
  const warnings: readonly TransferError[] = [
    ...(isShort ? [transferError('ACRT3025', { side, what: 'The SAS from the inputs', ends: soon })] : []),
    ...httpWarning(side, 'the SAS from the inputs', facts),
  ];
  return warnings.length > 0 ? warnings.map(result.warning) : [result.ok(`from the inputs, with ${facts.permissions}`)];
}

function accountResult(side: Side, account: StorageAccountFacts): CheckResult {
  const result = checkResultsOf(side, 'storage-network');
  const rule = networkRule(account);
  if (rule === null) return result.ok(`${account.name} is open to the public network`);
  return result.warning(transferError('ACRT3022', { side, account: account.name, rule }));
}

/**
 * The results of the lookup of the probe blob. A firewall refuses with the same response as a missing permission, so a
 * refusal is reported as ACRT3022 if the account is known to restrict access.
 */
function lookupResults(
  used: UsedContainer,
  failures: readonly TransferError[],
  account: Observation<StorageAccountFacts>,
): readonly CheckResult[] {
  const { side, container } = used;
  const result = checkResultsOf(side, 'container');
  if (failures.length === 0) return [result.ok(`${container.uri} exists and can be read`)];
  const rule = account.ok ? networkRule(account.value) : null;
  const isRefused = failures.some(({ facts }) => facts.id === 'ACRT5004' || facts.id === 'ACRT5016');
  if (!account.ok || rule === null || !isRefused) return failures.map(result.error);
  return [result.error(transferError('ACRT3022', { side, account: account.value.name, rule }))];
}

function ownPermissionsResult({ side, container, use }: UsedContainer, permissions: BlobPermissions): CheckResult {
  const result = checkResultsOf(side, 'permissions');
  const missing = [...(permissions.read ? [] : ['read']), ...(use === 'write' && !permissions.write ? ['write'] : [])];
  if (missing.length === 0) return result.ok(`this workflow can ${use} blobs`);
  return result.error(transferError('ACRT3034', { side, container: container.uri, right: missing.join(' or ') }));
}

/**
 * Checks a container that a step uses.
 * @param inspector null if only the container itself can be accessed
 * @param now milliseconds since the epoch
 */
export async function checkContainer(
  used: UsedContainer,
  inspector: AccessInspector | null,
  now: number,
): Promise<readonly CheckResult[]> {
  const { side, container, probe, sas } = used;
  const givenSas = sas === null ? [] : givenSasResults(used, sas, now);
  // The container refuses an invalid SAS, and its response doesn't say why.
  if (errorsOf(givenSas).length > 0) return givenSas;
  const unknownAccount = failed('without a pipeline, the subscription is unknown');
  const [lookup, account, own] = await Promise.all([
    toResult(() => container.find(probe)),
    inspector?.storageAccount(container.uri) ?? unknownAccount,
    sas === null && inspector !== null ? inspector.ownBlobPermissions(container.uri) : null,
  ]);
  const network = checkResultsOf(side, 'storage-network');
  const permissions = checkResultsOf(side, 'permissions');
  return [
    ...lookupResults(used, lookup.ok ? [] : lookup.problem, account),
    ...(inspector === null ? [] : resultsOfObservation(account, network, (value) => [accountResult(side, value)])),
    ...(own === null ? [] : resultsOfObservation(own, permissions, (value) => [ownPermissionsResult(used, value)])),
    ...givenSas,
  ];
}
