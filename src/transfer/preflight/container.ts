/** The container of a side: whether it is there, who may use it, and how far its account is open. */
import { toResult, transferError, type TransferError } from '../errors/index.ts';
import type { CheckResult } from '../model/check-result.ts';
import { readSas } from '../model/sas.ts';
import type { Side } from '../model/side.ts';
import type { AccessInspector, BlobPermissions, Observation, StorageAccountFacts } from '../ports/access-inspector.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import { checkResultsOf, errorsOf, judged } from './check-results.ts';
import { endsSoon, httpWarning, sasFaults, type SasPermission } from './sas.ts';

/** What a step does with a container. */
export type ContainerUse = 'read' | 'write';

/** A container that a step will use, and what it signs in with there. */
export interface UsedContainer {
  readonly side: Side;
  readonly container: BlobContainer;
  /** A blob that may be there or not: looking for it is what finds out. */
  readonly probe: string;
  readonly use: ContainerUse;
  /** SAS that was given; null: it signs in. */
  readonly sas: string | null;
}

const NEEDED: Readonly<Record<ContainerUse, readonly SasPermission[]>> = { read: ['r'], write: ['r', 'w'] };

/** How far the account of a container is closed; null when it is open. */
export function closedRule({ network }: StorageAccountFacts): string | null {
  if (!network.publicAccess) return 'is closed to the public network (publicNetworkAccess)';
  if (!network.restricted) return null;
  return `lets chosen networks in only (networkAcls)${network.trustedServices ? '' : ', and no trusted services either'}`;
}

/** A SAS that was given, by what it says of itself. */
export function judgeGivenSas(
  { side, container, use }: UsedContainer,
  sas: string,
  now: number,
): readonly CheckResult[] {
  const verdicts = checkResultsOf(side, 'sas');
  const facts = readSas(sas);
  const faults = facts === null ? ['it has no signature (sig)'] : sasFaults(facts, NEEDED[use], now);
  if (facts === null || faults.length > 0) {
    return [verdicts.error(transferError('ACRT3029', { side, container: container.uri, faults: faults.join('; ') }))];
  }
  const soon = endsSoon(facts.expiresAt, now);
  // Short ones are good style where a workflow makes them itself; within hours the copy would not end in time.
  const short = soon !== null && Date.parse(soon) - now < SHORT_MILLISECONDS;
  const warnings: readonly TransferError[] = [
    ...(short ? [transferError('ACRT3025', { side, what: 'The SAS that was given', ends: soon })] : []),
    ...httpWarning(side, 'the SAS that was given', facts),
  ];
  return warnings.length > 0 ? warnings.map(verdicts.warning) : [verdicts.ok(`given, with ${facts.permissions}`)];
}

const SHORT_MILLISECONDS = 60 * 60 * 1000;

function judgeAccount(side: Side, account: StorageAccountFacts): CheckResult {
  const verdicts = checkResultsOf(side, 'storage-network');
  const rule = closedRule(account);
  if (rule === null) return verdicts.ok(`${account.name} is open to the public network`);
  return verdicts.warning(transferError('ACRT3022', { side, account: account.name, rule }));
}

/** A refusal by a firewall looks like a missing right; where the account is seen to be closed, that is what is told. */
function judgeObservation(
  used: UsedContainer,
  faults: readonly TransferError[],
  account: Observation<StorageAccountFacts>,
): readonly CheckResult[] {
  const { side, container } = used;
  const verdicts = checkResultsOf(side, 'container');
  if (faults.length === 0) return [verdicts.ok(`${container.uri} is there and can be read`)];
  const rule = account.kind === 'seen' ? closedRule(account.value) : null;
  const refused = faults.some(({ facts }) => facts.id === 'ACRT5004' || facts.id === 'ACRT5016');
  if (account.kind === 'unseen' || rule === null || !refused) return faults.map(verdicts.error);
  return [verdicts.error(transferError('ACRT3022', { side, account: account.value.name, rule }))];
}

function judgeOwnPermissions({ side, container, use }: UsedContainer, rights: BlobPermissions): readonly CheckResult[] {
  const verdicts = checkResultsOf(side, 'rights');
  const missing = [...(rights.read ? [] : ['read']), ...(use === 'write' && !rights.write ? ['write'] : [])];
  if (missing.length === 0) return [verdicts.ok(`this workflow may ${use} blobs`)];
  const right = missing.join(' or ');
  return [verdicts.error(transferError('ACRT3034', { side, container: container.uri, right }))];
}

/**
 * Checks a container that a step will use.
 * @param inspector null where nothing but the container itself can be asked
 * @param now milliseconds since the epoch
 */
export async function checkContainer(
  used: UsedContainer,
  inspector: AccessInspector | null,
  now: number,
): Promise<readonly CheckResult[]> {
  const { side, container, probe, sas } = used;
  const given = sas === null ? [] : judgeGivenSas(used, sas, now);
  // With a SAS that will not do the container would only refuse.
  if (errorsOf(given).length > 0) return given;
  const unseen = { kind: 'unseen', why: 'no pipeline is given whose subscription could be looked at' } as const;
  const [looked, account, own] = await Promise.all([
    toResult(() => container.find(probe)),
    inspector?.storageAccount(container.uri) ?? unseen,
    sas === null && inspector !== null ? inspector.ownBlobRights(container.uri) : null,
  ]);
  const network = checkResultsOf(side, 'storage-network');
  return [
    ...judgeObservation(used, looked.ok ? [] : looked.failures, account),
    ...(inspector === null ? [] : judged(account, network, (value) => [judgeAccount(side, value)])),
    ...(own === null ? [] : judged(own, checkResultsOf(side, 'rights'), (value) => judgeOwnPermissions(used, value))),
    ...given,
  ];
}
