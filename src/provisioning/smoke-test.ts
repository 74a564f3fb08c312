/** A run that proves that a pipeline reaches its container: nobody can ask storage in the name of its identity. */
import { createHash } from 'node:crypto';
import { TransferError, transferError, type TransferErrorId } from '../transfer/errors/index.ts';
import type { PipelineId } from '../transfer/model/pipeline-id.ts';
import { pollRun } from '../transfer/pipelines/pipeline-run.ts';
import type { RunRequest } from '../transfer/ports/pipelines.ts';
import type { Registry, RepositoryList } from '../transfer/ports/registry.ts';
import type { PipelineState, ProvisioningContext } from './ports.ts';

/** What a run says whose identity is not let in yet: by storage, by Key Vault, or because the SAS is older than the container. */
const NOT_YET: readonly TransferErrorId[] = ['ACRT4002', 'ACRT4011', 'ACRT4012'];

const FIRST_WAIT_SECONDS = 5;
const MAX_WAIT_SECONDS = 30;

/** Where trial runs write and read; nothing else lies there. */
const SMOKE_TEST_BLOB = 'acr-transfer-trial';

const smokeTestName = ({ resourceId }: PipelineId, count: number, now: number): string =>
  `trial${createHash('sha256').update(`${resourceId.toLowerCase()}\n${count}\n${now}`).digest('hex').slice(0, 20)}`;

/** A firewall that keeps this runner out of the registry doesn't keep the pipeline out: there is only nothing to export. */
const CLOSED: TransferErrorId = 'ACRT6005';

async function listed(registry: Registry): Promise<RepositoryList> {
  try {
    return await registry.repositories();
  } catch (error) {
    if (error instanceof TransferError && error.facts.id === CLOSED)
      return { kind: 'refused', reason: error.facts.message };
    throw error;
  }
}

/** The smallest artifact of the first repository that has one: a trial should not move much. Null when there is none. */
async function smallest(registry: Registry): Promise<string | null> {
  const catalog = await listed(registry);
  if (catalog.kind === 'refused') return null;
  for (const repository of catalog.names.slice(0, 5)) {
    const tagged = ((await registry.manifests(repository)) ?? []).filter(
      ({ tags, locks }) => tags.length > 0 && locks.readable,
    );
    const [first] = [...tagged].sort((one, other) => (one.size ?? Infinity) - (other.size ?? Infinity));
    if (first !== undefined) return `${repository}@${first.digest}`;
  }
  return null;
}

/** What a trial does. An import of a blob that is not there fails because of just that, once the container can be read. */
async function orderOf(pipeline: PipelineId, world: ProvisioningContext, now: number): Promise<RunRequest | null> {
  const blob = `${SMOKE_TEST_BLOB}/${pipeline.name}-${now}.tar`;
  if (pipeline.kind === 'import') return { kind: 'import', blob };
  const facts = await world.estate.registry();
  const artifact = facts === null ? null : await smallest(await world.registryOf(facts.loginServer));
  return artifact === null ? null : { kind: 'export', blob, artifacts: [artifact] };
}

/** Null: the container was reached. */
async function attempt(name: string, order: RunRequest, world: ProvisioningContext): Promise<TransferError | null> {
  const runs = await world.pipelineRuns();
  try {
    const started = await runs.start(name, order, true);
    await pollRun(runs, started, { clock: world.clock, signal: world.signal, onProgress: () => undefined });
    return null;
  } catch (error) {
    if (!(error instanceof TransferError)) throw error;
    return error;
  }
}

/** What a trial leaves goes again; that it could not be removed is no reason to fail. */
async function removeSmokeTest(
  name: string,
  order: RunRequest,
  state: PipelineState,
  world: ProvisioningContext,
): Promise<void> {
  await world.estate.removeRun(name).catch(() => undefined);
  if (order.kind === 'import') return;
  const container = await world.containerOf(state.containerUri.replace(/\/+$/, ''));
  const facts = await container.find(order.blob).catch(() => null);
  if (facts !== null) await container.remove?.(order.blob, facts.etag).catch(() => undefined);
}

/** What came of a trial. An import that misses the blob has looked for it; of words that nobody knows nothing follows. */
function verdict(failed: TransferError, order: RunRequest): 'works' | 'not-yet' | 'unclear' | 'fails' {
  const { id } = failed.facts;
  if (NOT_YET.includes(id)) return 'not-yet';
  if (order.kind === 'export') return 'fails';
  if (id === 'ACRT4014') return 'works';
  return id === 'ACRT4001' ? 'unclear' : 'fails';
}

/**
 * Tries a pipeline until it reaches its container.
 * @returns a warning when it could not be tried; null when it works
 * @throws ACRT3045 when it still does not at the time limit; what else a run fails with, as it is
 */
export async function smokeTest(
  pipeline: PipelineId,
  state: PipelineState,
  timeoutMinutes: number,
  world: ProvisioningContext,
): Promise<string | null> {
  const { clock, onEvent, signal } = world;
  const since = clock.now();
  const order = await orderOf(pipeline, world, since);
  if (order === null) {
    return `${pipeline.name} was not tried, because its registry has no artifact that this step may see; new roles need up to ten minutes.`;
  }
  let wait = FIRST_WAIT_SECONDS;
  for (let count = 1; ; count += 1) {
    const name = smokeTestName(pipeline, count, since);
    const failed = await attempt(name, order, world);
    await removeSmokeTest(name, order, state, world);
    const outcome = failed === null ? 'works' : verdict(failed, order);
    if (outcome === 'works' || failed === null) return null;
    if (outcome === 'fails') throw failed;
    if (outcome === 'unclear')
      return `Whether ${pipeline.name} reaches its container is not certain: ${failed.facts.message}`;
    const minutes = (clock.now() - since) / 60_000;
    if (minutes >= timeoutMinutes) {
      const values = { pipeline: pipeline.name, minutes: String(Math.round(minutes)), reason: failed.facts.message };
      throw transferError('ACRT3045', values, { correlationId: failed.facts.correlationId });
    }
    onEvent({ kind: 'waiting', what: failed.facts.message, seconds: wait });
    await clock.sleep(wait, signal);
    wait = Math.min(MAX_WAIT_SECONDS, wait * 2);
  }
}
