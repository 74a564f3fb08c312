import type {
  EnsureRequest,
  ProvisioningTerms,
  RotateRequest,
  TeardownRequest,
} from '../../../src/provisioning/request.ts';
import type { ProvisioningEvent, ProvisioningResult } from '../../../src/provisioning/result.ts';
import { runProvisioning } from '../../../src/provisioning/run.ts';
import type { RunState } from '../../../src/transfer/ports/pipelines.ts';
import { fakeClock, type FakeClock } from '../transfer/ports/clock.fixture.ts';
import { memoryContainer, type MemoryContainer } from '../transfer/ports/blob-container.fixture.ts';
import { memoryRegistry, type MemoryRegistry } from '../transfer/ports/registry.fixture.ts';
import { memoryRuns, SUCCEEDED, type Engine, type MemoryRuns } from '../transfer/ports/pipelines.fixture.ts';
import { CONTAINER, emptyThings, memoryProvisioningClient, pipelineId, SECRET, type Things } from './ports.fixture.ts';

const terms = (kind: 'export' | 'import'): ProvisioningTerms => ({
  pipeline: pipelineId(kind),
  side: { cloud: 'azurecloud', identity: { kind: 'ambient' }, allowedHosts: [], sas: null },
  dryRun: false,
  timeoutMinutes: 20,
});

/** Everything of an export pipeline that signs in with an identity of its own. */
export const present = (kind: 'export' | 'import' = 'export', changes: Partial<EnsureRequest> = {}): EnsureRequest => ({
  ...terms(kind),
  state: 'present',
  desired: {
    containerUri: CONTAINER,
    identity: { kind: 'system' },
    access: { kind: 'identity' },
    options: [],
    sourceTrigger: kind === 'import' ? 'disabled' : null,
  },
  life: { days: 7, key: 'user-delegation' },
  ...changes,
});

/** The same with a SAS in a vault. */
export function presentBySas(kind: 'export' | 'import' = 'export'): EnsureRequest {
  const request = present(kind);
  return { ...request, desired: { ...request.desired, access: { kind: 'sas', secretUri: SECRET } } };
}

export const rotation = (kind: 'export' | 'import' = 'export'): RotateRequest => ({
  ...terms(kind),
  state: 'rotate',
  life: { days: 7, key: 'user-delegation' },
});

export const absence = (
  kind: 'export' | 'import' = 'export',
  changes: Partial<TeardownRequest> = {},
): TeardownRequest => ({
  ...terms(kind),
  state: 'absent',
  deleteBlobs: false,
  ...changes,
});

/** A side to set up, and what happened there. */
export interface SetupScene {
  readonly things: Things;
  readonly clock: FakeClock;
  readonly container: MemoryContainer;
  readonly registry: MemoryRegistry;
  readonly runs: MemoryRuns;
  readonly events: ProvisioningEvent[];
  readonly run: (request: EnsureRequest | RotateRequest | TeardownRequest) => Promise<ProvisioningResult>;
  /** The changes since the last call. */
  readonly done: () => readonly string[];
  /** Called when the list of changes is complete, before the first of them is made. */
  onDifference: () => void;
  /** Ends the step. */
  readonly stop: AbortController;
}

/** @param trials what trial runs come to, one after the other; the last of them again and again */
export function openSetup(trials: readonly RunState[] = [SUCCEEDED]): SetupScene {
  const things = emptyThings();
  const clock = fakeClock();
  const container = memoryContainer(CONTAINER);
  const registry = memoryRegistry('contoso.azurecr.io');
  let ended = 0;
  const engine: Engine = (order) => {
    if (order.kind === 'export') container.put(order.blob, Buffer.from(`trial ${ended}`));
    return trials[Math.min(ended++, trials.length - 1)] ?? SUCCEEDED;
  };
  const runs = memoryRuns(engine, 0);
  const events: ProvisioningEvent[] = [];
  const scene: SetupScene = {
    stop: new AbortController(),
    onDifference: () => undefined,
    things,
    clock,
    container,
    registry,
    runs,
    events,
    done: () => things.done.splice(0),
    run: (request) =>
      runProvisioning(request, {
        client: memoryProvisioningClient(request.pipeline, things, clock.now),
        pipelineRuns: () => Promise.resolve(runs),
        containerOf: () => Promise.resolve(container),
        registryOf: () => Promise.resolve(registry),
        clock,
        onEvent: (event) => {
          events.push(event);
          if (event.kind === 'difference') scene.onDifference();
        },
        signal: scene.stop.signal,
      }),
  };
  return scene;
}
