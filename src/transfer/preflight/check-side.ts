/** Runs all checks of one side. */
import {
  failed,
  ok,
  toResult,
  transferError,
  UNANSWERED,
  type Result,
  type TransferError,
  type TransferErrorId,
} from '../errors/index.ts';
import type { CheckName, CheckResult } from '../model/check-result.ts';
import type { ContainerLocation, HandoffLocation, ImportBy, SideRequest } from '../model/request.ts';
import type { Side } from '../model/side.ts';
import { readyPipeline } from '../pipelines/pipeline-run.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import type { TransferContext } from '../ports/context.ts';
import type { PipelineFacts } from '../ports/pipelines.ts';
import type { ReadySide, SideServices } from '../ports/side-services.ts';
import { asWarning, checkResultsOf, errorsOf, resultsOfObservation } from './check-results.ts';
import { checkContainer } from './container.ts';
import {
  continuationResults,
  pipelineResults,
  registryResults,
  triggerResult,
  type CheckedPipeline,
} from './pipeline-checks.ts';
import { checkPipelineAccess } from './storage-access.ts';

/** The input of the checks of one side. */
export interface SideCheck extends CheckedPipeline {
  readonly request: SideRequest;
  readonly place: ContainerLocation;
  /** Null for exports. */
  readonly importBy: ImportBy | null;
  /** Name of a blob that the step looks up later anyway. */
  readonly probe: string;
  /** Whether this step verifies the artifacts at the target. */
  readonly verifies: boolean;
  /** Whether the step only plans. It then needs fewer permissions than a transfer. */
  readonly plansOnly: boolean;
}

/** The results of a side and, if they have no errors, its connected services. */
export interface CheckedSide {
  readonly results: readonly CheckResult[];
  readonly ready: Result<ReadySide>;
}

/** Errors of ACRT2xxx that are not about the sign-in, and possible in every check. */
const NETWORK_ERRORS: readonly TransferErrorId[] = [...UNANSWERED, 'ACRT2004', 'ACRT2013', 'ACRT2017'];

const isSignIn = ({ facts: { id } }: TransferError): boolean => id.startsWith('ACRT2') && !NETWORK_ERRORS.includes(id);

const errorResults = (side: Side, check: CheckName, failures: readonly TransferError[]): readonly CheckResult[] =>
  failures.map((item) => checkResultsOf(side, isSignIn(item) ? 'sign-in' : check).error(item));

/** The results of a value, or of the errors that prevented reading it. */
function resultsOrErrors<Value>(
  side: Side,
  check: CheckName,
  outcome: Result<Value>,
  resultsOf: (value: Value) => readonly CheckResult[],
): readonly CheckResult[] {
  return outcome.ok ? resultsOf(outcome.value) : errorResults(side, check, outcome.problem);
}

/** Removes repetitions of the same error from several checks, for example of a failed sign-in. Keeps the first. */
function withoutRepeats(results: readonly CheckResult[]): readonly CheckResult[] {
  const messages = new Set<string>();
  return results.filter((result) => {
    if (!('failure' in result)) return !messages.has(result.text);
    const { message } = result.failure.facts;
    return !messages.has(message) && messages.add(message);
  });
}

/** Resolves a location to a directory, a given container, or the container of a pipeline. */
export async function resolveContainer(
  side: Side,
  request: SideRequest,
  place: HandoffLocation,
  context: Pick<TransferContext, 'connect' | 'directory'>,
): Promise<BlobContainer> {
  if (place.kind === 'directory') return context.directory(place.path, side);
  const services = context.connect(side, request);
  if (place.kind === 'uri') return services.container(place.uri);
  const { pipeline } = place;
  return services.container(readyPipeline(side, pipeline, await services.pipeline(pipeline)).containerUri);
}

/** Checks the container of a side, and how the pipeline accesses it. */
async function checkStorage(
  sideCheck: SideCheck,
  services: SideServices,
  pipeline: PipelineFacts,
  container: Result<BlobContainer>,
  now: number,
): Promise<readonly CheckResult[]> {
  const { side, id, request, probe, plansOnly } = sideCheck;
  const inspector = services.inspector(id);
  const use = side === 'source' && !plansOnly ? 'write' : 'read';
  const results = await Promise.all([
    checkPipelineAccess(sideCheck, pipeline, inspector, now).then((access) =>
      plansOnly ? access.map(asWarning) : access,
    ),
    container.ok
      ? checkContainer({ side, container: container.value, probe, use, sas: request.sas }, inspector, now)
      : errorResults(side, 'container', container.problem),
  ]);
  return results.flat();
}

async function checkPermissions(
  { side, id, plansOnly }: SideCheck,
  services: SideServices,
): Promise<readonly CheckResult[]> {
  if (plansOnly) return [];
  const result = checkResultsOf(side, 'permissions');
  const canStartRuns = await services.inspector(id).canStartRuns();
  const values = { side, registry: id.registry, registryId: id.registryId };
  return resultsOfObservation(canStartRuns, result, (value) => [
    value
      ? result.ok(`this workflow can start runs of ${id.registry}`)
      : result.error(transferError('ACRT3028', values)),
  ]);
}

/** Checks the pipeline, and everything that depends on it. */
async function checkPipeline(
  sideCheck: SideCheck,
  services: SideServices,
  pipeline: PipelineFacts,
  now: number,
): Promise<{ readonly results: readonly CheckResult[]; readonly container: Result<BlobContainer> }> {
  const { place, importBy } = sideCheck;
  const uri = place.kind === 'uri' ? place.uri : pipeline.containerUri;
  const container = await toResult(() => services.container(uri));
  const results = [
    ...pipelineResults(sideCheck, pipeline),
    ...(importBy === null ? [] : [triggerResult(sideCheck, pipeline, importBy)]),
    ...continuationResults(sideCheck, pipeline, sideCheck.verifies),
    ...(await checkStorage(sideCheck, services, pipeline, container, now)),
  ];
  return { results, container };
}

/**
 * Checks one side before the first run starts: sign-in, registry, pipeline, permissions, container, and how the pipeline
 * accesses it. Finds all errors, not only the first. Checks that need a missing permission are `unknown`, which isn't an
 * error.
 * @param now milliseconds since the epoch
 */
export async function checkSide(sideCheck: SideCheck, services: SideServices, now: number): Promise<CheckedSide> {
  const { side, id } = sideCheck;
  const [registry, pipeline, permissions] = await Promise.all([
    toResult(() => services.registryFacts(id)),
    toResult(async () => {
      const facts = readyPipeline(side, id, await services.pipeline(id));
      return { facts, ...(await checkPipeline(sideCheck, services, facts, now)) };
    }),
    toResult(() => checkPermissions(sideCheck, services)),
  ]);
  const results = withoutRepeats([
    ...resultsOrErrors(side, 'registry', registry, (facts) => registryResults(sideCheck, facts)),
    ...resultsOrErrors(side, 'pipeline', pipeline, (value) => value.results),
    ...resultsOrErrors(side, 'permissions', permissions, (value) => value),
  ]);
  const failures = errorsOf(results);
  // If a value is missing, one of the checks above has an error.
  if (failures.length > 0 || !registry.ok || registry.value === null || !pipeline.ok || !pipeline.value.container.ok) {
    return { results, ready: failed(failures) };
  }
  const { facts, container } = pipeline.value;
  const signedIn = checkResultsOf(side, 'sign-in').ok('signed in');
  const ready = {
    pipeline: id,
    facts,
    runs: await services.runs(id),
    registry: await services.registry(registry.value.loginServer),
    container: container.value,
  };
  return { results: [signedIn, ...results], ready: ok(ready) };
}
