/**
 * Smoke test: a run that proves that a pipeline can access its container. Only the pipeline itself can use its identity.
 */
import { createHash } from 'node:crypto';
import { failed, TransferError, transferError, type TransferErrorId } from '../transfer/errors/index.ts';
import type { PipelineId } from '../transfer/model/pipeline-id.ts';
import { pollRun, UNCONFIRMED_SECONDS } from '../transfer/pipelines/pipeline-run.ts';
import type { RunRequest } from '../transfer/ports/pipelines.ts';
import type { Registry, RepositoryList } from '../transfer/ports/registry.ts';
import type { PipelineState, ProvisioningContext } from './ports.ts';

/** Errors of a run whose identity has no access yet: to storage, to Key Vault, or because the SAS is older than the container. */
const NOT_YET: readonly TransferErrorId[] = ['ACRT4002', 'ACRT4011', 'ACRT4012'];

const FIRST_WAIT_SECONDS = 5;
const MAX_WAIT_SECONDS = 30;

/** Blob prefix of smoke tests. */
const SMOKE_TEST_BLOB = 'acr-transfer-trial';

const smokeTestName = ({ resourceId }: PipelineId, count: number, now: number): string =>
  `trial${createHash('sha256').update(`${resourceId.toLowerCase()}\n${count}\n${now}`).digest('hex').slice(0, 20)}`;

/** A firewall that blocks this runner doesn't block the pipeline, but the smoke test finds no artifact to export. */
const BLOCKED_BY_FIREWALL: TransferErrorId = 'ACRT6005';

async function listRepositories(registry: Registry): Promise<RepositoryList> {
  try {
    return await registry.repositories();
  } catch (error) {
    if (error instanceof TransferError && error.facts.id === BLOCKED_BY_FIREWALL) return failed(error.facts.message);
    throw error;
  }
}

/** The smallest artifact of the first repository with a tagged artifact; null if there is none. */
async function smallestArtifact(registry: Registry): Promise<string | null> {
  const catalog = await listRepositories(registry);
  if (!catalog.ok) return null;
  for (const repository of catalog.value.slice(0, 5)) {
    const tagged = ((await registry.manifests(repository)) ?? []).filter(
      ({ tags, locks }) => tags.length > 0 && locks.readable,
    );
    const [first] = [...tagged].sort((one, other) => (one.size ?? Infinity) - (other.size ?? Infinity));
    if (first !== undefined) return `${repository}@${first.digest}`;
  }
  return null;
}

/** The request of a smoke test. An import of a missing blob fails with ACRT4014 as soon as the pipeline can read the container. */
async function smokeTestRequest(
  pipeline: PipelineId,
  context: ProvisioningContext,
  now: number,
): Promise<RunRequest | null> {
  const blob = `${SMOKE_TEST_BLOB}/${pipeline.name}-${now}.tar`;
  if (pipeline.kind === 'import') return { kind: 'import', blob };
  const facts = await context.client.registry();
  const artifact = facts === null ? null : await smallestArtifact(await context.registryOf(facts.loginServer));
  return artifact === null ? null : { kind: 'export', blob, artifacts: [artifact] };
}

/** Runs the smoke test once. Returns its error; null if it succeeded. */
async function attempt(
  name: string,
  order: RunRequest,
  onProgress: () => void,
  context: ProvisioningContext,
): Promise<TransferError | null> {
  const { clock, signal, onEvent } = context;
  const runs = await context.pipelineRuns();
  const onNote = (what: string): void => {
    onEvent({ kind: 'waiting', what, seconds: UNCONFIRMED_SECONDS });
  };
  try {
    const started = await runs.start(name, order, true);
    await pollRun(runs, started, { clock, signal, onProgress, onNote });
    return null;
  } catch (error) {
    if (!(error instanceof TransferError)) throw error;
    return error;
  }
}

/** Removes the run and the blob of a smoke test. Ignores errors. */
async function removeSmokeTest(
  name: string,
  order: RunRequest,
  state: PipelineState,
  context: ProvisioningContext,
): Promise<void> {
  await context.client.removeRun(name).catch(() => undefined);
  if (order.kind === 'import') return;
  const container = await context.containerOf(state.containerUri.replace(/\/+$/, ''));
  const facts = await container.find(order.blob).catch(() => null);
  if (facts !== null) await container.remove?.(order.blob, facts.etag).catch(() => undefined);
}

/** Interprets the error of a smoke test. An import that doesn't find the blob has read the container. An unknown error proves nothing. */
function interpret(failed: TransferError, order: RunRequest): 'works' | 'not-yet' | 'unclear' | 'fails' {
  const { id } = failed.facts;
  if (NOT_YET.includes(id)) return 'not-yet';
  if (order.kind === 'export') return 'fails';
  if (id === 'ACRT4014') return 'works';
  return id === 'ACRT4001' ? 'unclear' : 'fails';
}

/**
 * Repeats the smoke test until the pipeline can access its container.
 * @returns a warning if the test was not possible or its result is unclear; null if the pipeline works
 * @throws ACRT3045 if the pipeline has no access at the time limit; any other error of the run
 */
export async function smokeTest(
  pipeline: PipelineId,
  state: PipelineState,
  timeoutMinutes: number,
  context: ProvisioningContext,
): Promise<string | null> {
  const { clock, onEvent, signal } = context;
  const since = clock.now();
  const order = await smokeTestRequest(pipeline, context, since);
  if (order === null) {
    return `${pipeline.name} was not tested, because its registry has no artifact that this step can read. New role assignments take up to ten minutes.`;
  }
  let wait = FIRST_WAIT_SECONDS;
  for (let count = 1; ; count += 1) {
    const name = smokeTestName(pipeline, count, since);
    // A run that doesn't end must not keep the step forever.
    const onProgress = (): void => {
      const minutes = (clock.now() - since) / 60_000;
      if (minutes < timeoutMinutes) return;
      const values = {
        pipeline: pipeline.name,
        minutes: String(Math.round(minutes)),
        reason: `run ${name} has not ended`,
      };
      throw transferError('ACRT3045', values);
    };
    const failed = await attempt(name, order, onProgress, context);
    await removeSmokeTest(name, order, state, context);
    const outcome = failed === null ? 'works' : interpret(failed, order);
    if (outcome === 'works' || failed === null) return null;
    if (outcome === 'fails') throw failed;
    if (outcome === 'unclear')
      return `It is unclear whether ${pipeline.name} can access its container: ${failed.facts.message}`;
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
