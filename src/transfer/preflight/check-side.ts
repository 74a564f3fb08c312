/** All checks of one side. */
import { toResult, transferError, type Result, type TransferError, type TransferErrorId } from '../errors/index.ts';
import type { CheckName, CheckResult } from '../model/check-result.ts';
import type { ContainerLocation, HandoffLocation, ImportBy, SideRequest } from '../model/request.ts';
import type { Side } from '../model/side.ts';
import { readyPipeline } from '../pipelines/pipeline-run.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import type { TransferContext } from '../ports/context.ts';
import type { PipelineFacts } from '../ports/pipelines.ts';
import type { ReadySide, SideServices } from '../ports/side-services.ts';
import { asWarning, checkResultsOf, errorsOf, judged } from './check-results.ts';
import { checkContainer } from './container.ts';
import { judgePipeline, judgeRegistry, judgeTrigger, type CheckedPipeline } from './pipeline-checks.ts';
import { checkPipelineAccess } from './storage-access.ts';

/** What a side is asked to do. */
export interface SideCheck extends CheckedPipeline {
  readonly request: SideRequest;
  readonly place: ContainerLocation;
  /** Null for exports. */
  readonly importBy: ImportBy | null;
  /** Name of a blob that the step will look for anyhow. */
  readonly probe: string;
  /** Whether it only plans: a job that plans need not hold the rights of the one that transfers. */
  readonly plansOnly: boolean;
}

/** What checking a side came to. */
export interface CheckedSide {
  readonly findings: readonly CheckResult[];
  readonly ready: Result<ReadySide>;
}

/** Failures of the network, which any check may meet. */
const NETWORK: readonly TransferErrorId[] = ['ACRT2004', 'ACRT2005', 'ACRT2012', 'ACRT2013'];

const isSignIn = ({ facts: { id } }: TransferError): boolean => id.startsWith('ACRT2') && !NETWORK.includes(id);

const thrown = (side: Side, check: CheckName, failures: readonly TransferError[]): readonly CheckResult[] =>
  failures.map((item) => checkResultsOf(side, isSignIn(item) ? 'sign-in' : check).error(item));

/** The findings of what may throw. */
function settled<Value>(
  side: Side,
  check: CheckName,
  result: Result<Value>,
  judge: (value: Value) => readonly CheckResult[],
): readonly CheckResult[] {
  return result.ok ? judge(result.value) : thrown(side, check, result.failures);
}

/** The same fault met by several checks (a refused sign-in, a closed network) is told once, as it was told first. */
function withoutRepeats(findings: readonly CheckResult[]): readonly CheckResult[] {
  const told = new Set<string>();
  return findings.filter((finding) => {
    if (!('failure' in finding)) return !told.has(finding.text);
    const { message } = finding.failure.facts;
    return !told.has(message) && told.add(message);
  });
}

/** What a place stands for: a directory, a container, or the one that the pipeline writes to or reads from. */
export async function resolveContainer(
  side: Side,
  request: SideRequest,
  place: HandoffLocation,
  world: Pick<TransferContext, 'connect' | 'directory'>,
): Promise<BlobContainer> {
  if (place.kind === 'directory') return world.directory(place.path, side);
  const services = world.connect(side, request);
  if (place.kind === 'uri') return services.container(place.uri);
  const { pipeline } = place;
  return services.container(readyPipeline(side, pipeline, await services.pipeline(pipeline)).containerUri);
}

/** The container of a side, and everything that the pipeline reaches it with. */
async function checkStorage(
  order: SideCheck,
  services: SideServices,
  pipeline: PipelineFacts,
  container: Result<BlobContainer>,
  now: number,
): Promise<readonly CheckResult[]> {
  const { side, id, request, probe, plansOnly } = order;
  const inspector = services.inspector(id);
  const use = side === 'source' && !plansOnly ? 'write' : 'read';
  const found = await Promise.all([
    checkPipelineAccess(order, pipeline, inspector, now).then((access) => (plansOnly ? access.map(asWarning) : access)),
    container.ok
      ? checkContainer({ side, container: container.value, probe, use, sas: request.sas }, inspector, now)
      : thrown(side, 'container', container.failures),
  ]);
  return found.flat();
}

async function checkPermissions(
  { side, id, plansOnly }: SideCheck,
  services: SideServices,
): Promise<readonly CheckResult[]> {
  if (plansOnly) return [];
  const verdicts = checkResultsOf(side, 'rights');
  const may = await services.inspector(id).mayStartRuns();
  const values = { side, registry: id.registry, registryId: id.registryId };
  return judged(may, verdicts, (value) => [
    value
      ? verdicts.ok(`this workflow may start runs of ${id.registry}`)
      : verdicts.error(transferError('ACRT3028', values)),
  ]);
}

/** What depends on the pipeline. */
async function checkPipeline(
  order: SideCheck,
  services: SideServices,
  pipeline: PipelineFacts,
  now: number,
): Promise<{ readonly findings: readonly CheckResult[]; readonly container: Result<BlobContainer> }> {
  const { place, importBy } = order;
  const uri = place.kind === 'uri' ? place.uri : pipeline.containerUri;
  const container = await toResult(() => services.container(uri));
  const findings = [
    ...judgePipeline(order, pipeline),
    ...(importBy === null ? [] : [judgeTrigger(order, pipeline, importBy)]),
    ...(await checkStorage(order, services, pipeline, container, now)),
  ];
  return { findings, container };
}

/**
 * Checks what one side needs before the first run is started: sign-in, registry, pipeline, rights, container, and what the
 * pipeline reaches it with. Every fault is found, not only the first; what nobody may look at is said, and stops nothing.
 * @param now milliseconds since the epoch
 */
export async function checkSide(order: SideCheck, services: SideServices, now: number): Promise<CheckedSide> {
  const { side, id } = order;
  const [registry, pipeline, rights] = await Promise.all([
    toResult(() => services.registryFacts(id)),
    toResult(async () => {
      const facts = readyPipeline(side, id, await services.pipeline(id));
      return { facts, ...(await checkPipeline(order, services, facts, now)) };
    }),
    toResult(() => checkPermissions(order, services)),
  ]);
  const findings = withoutRepeats([
    ...settled(side, 'registry', registry, (facts) => judgeRegistry(order, facts)),
    ...settled(side, 'pipeline', pipeline, (value) => value.findings),
    ...settled(side, 'rights', rights, (value) => value),
  ]);
  const failures = errorsOf(findings);
  // Whatever is missing has been found by one of the checks above.
  if (failures.length > 0 || !registry.ok || registry.value === null || !pipeline.ok || !pipeline.value.container.ok) {
    return { findings, ready: { ok: false, failures } };
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
  return { findings: [signedIn, ...findings], ready: { ok: true, value: ready } };
}
