/** One side with services that pass every check, except for the given changes. */
import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';
import type { CheckResult } from '../../../../src/transfer/model/check-result.ts';
import type { ImportBy } from '../../../../src/transfer/model/request.ts';
import { readSas } from '../../../../src/transfer/model/sas.ts';
import type { AccessInspector, Observation, SecretFacts } from '../../../../src/transfer/ports/access-inspector.ts';
import type { PipelineFacts, RegistryFacts } from '../../../../src/transfer/ports/pipelines.ts';
import type { SideServices } from '../../../../src/transfer/ports/side-services.ts';
import { checkSide, type SideCheck } from '../../../../src/transfer/preflight/check-side.ts';
import {
  fullRequest,
  healthyInspector,
  OPEN,
  pipelineFacts,
  pipelineOf,
  registryFacts,
  twoClouds,
} from '../ports/context.fixture.ts';

export interface Changes {
  readonly pipeline?: Partial<PipelineFacts> | null;
  readonly registry?: Partial<RegistryFacts> | null;
  readonly inspector?: Partial<AccessInspector>;
  readonly services?: Partial<SideServices>;
  readonly importBy?: ImportBy;
  readonly sas?: string;
  readonly verifies?: boolean;
  readonly plansOnly?: boolean;
}

export const NOW = 0;
export const HOUR = 3600_000;
export const iso = (time: number): string => new Date(time).toISOString();

export function services({
  pipeline,
  registry,
  inspector,
  services: others,
}: Changes): SideServices & { opened: string[] } {
  const opened: string[] = [];
  const { source } = twoClouds();
  return {
    ...source.services,
    opened,
    pipeline: () => Promise.resolve(pipeline === null ? null : pipelineFacts(pipeline)),
    registryFacts: () => Promise.resolve(registry === null ? null : registryFacts(registry)),
    container: (uri) => {
      opened.push(uri);
      return source.services.container(uri);
    },
    inspector: () => healthyInspector(inspector),
    ...others,
  };
}

export function sideCheckOf(kind: 'export' | 'import', { importBy, sas, verifies, plansOnly }: Changes): SideCheck {
  const id = pipelineOf(kind);
  const { source } = fullRequest(['a:1']);
  return {
    side: kind === 'export' ? 'source' : 'target',
    id,
    request: { ...source, sas: sas ?? null },
    place: { kind: 'pipeline', pipeline: id },
    importBy: kind === 'import' ? (importBy ?? 'run') : null,
    probe: 'nightly.transfer.json',
    verifies: verifies ?? false,
    plansOnly: plansOnly ?? false,
  };
}

export const check = async (kind: 'export' | 'import', changes: Changes): Promise<readonly CheckResult[]> =>
  (await checkSide(sideCheckOf(kind, changes), services(changes), NOW)).results;

/** All results that are not `ok`: `error ACRT3001`, `unknown role`. */
export const problemsOf = (results: readonly CheckResult[]): string[] =>
  results.flatMap((result) => {
    if (result.verdict === 'ok') return [];
    return [`${result.verdict} ${'failure' in result ? result.failure.facts.id : result.check}`];
  });

export const seen =
  <Value>(value: Value): (() => Promise<Observation<Value>>) =>
  () =>
    Promise.resolve({ ok: true, value });
export const unseen = (): Promise<Observation<never>> => Promise.resolve({ ok: false, problem: 'AuthorizationFailed' });

export const SAS = `sv=2025-11-05&sr=c&sp=rwla&spr=https&se=${iso(NOW + 1000 * HOUR)}&sig=c2ln`;

export const secretOf = (
  changes: Partial<Extract<SecretFacts, { kind: 'found' }>> = {},
  sas = SAS,
): Partial<AccessInspector> => ({
  secret: seen({ kind: 'found', enabled: true, startsAt: null, expiresAt: null, sas: readSas(sas), ...changes }),
});

export const BY_SAS = { access: { kind: 'sas', secretUri: 'https://vault/secrets/sas' } } as const;
export const DELETES = { options: ['DeleteSourceBlobOnSuccess'] };
export const READS = { read: true, write: false, delete: false };
export const NO_PUBLIC = { ...OPEN, publicAccess: false };
export const refused = (): Promise<never> =>
  Promise.reject(transferError('ACRT5004', { side: 'source', container: 'https://own/container', reason: 'HTTP 403' }));
