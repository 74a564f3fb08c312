import type { TransferRequest } from '../../../../src/transfer/model/request.ts';
import type { TransferResult } from '../../../../src/transfer/model/result.ts';
import { runTransfer } from '../../../../src/transfer/run.ts';
import { apartRequests, twoClouds, type Weather } from '../ports/context.fixture.ts';
import { image } from '../ports/registry.fixture.ts';

/** The artifacts of the transfer. */
export const LINES = ['team/api:v1', 'team/web:v1'];

/** Two clouds after an export and a handoff: only the import is missing. */
export async function handedOff(weather: Weather = {}, changes: Parameters<typeof apartRequests>[1] = {}) {
  const clouds = twoClouds(weather);
  clouds.source.registry.push('team/api', image('api'), 'v1');
  clouds.source.registry.push('team/web', image('web'), 'v1');
  const requests = apartRequests(LINES, changes);
  await runTransfer(requests.export, clouds.context);
  const { batches } = await runTransfer(requests.handoff, clouds.context);
  const blobs = batches.map(({ batch }) => batch.blob);
  return { clouds, blobs, importing: requests.import };
}

/** The same import by the names of blobs alone. */
export const byName = (request: TransferRequest, names: readonly string[]): TransferRequest =>
  request.mode === 'import' ? { ...request, intake: { kind: 'blobs', names } } : request;

/** Outcomes by reference, in order. */
export const artifacts = ({ batches }: TransferResult): [string, string][] =>
  batches.flatMap((batch) => batch.artifacts.map(({ reference, outcome }): [string, string] => [reference, outcome]));

/** IDs of the errors that ended batches. */
export const errorIds = ({ batches }: TransferResult): (string | undefined)[] =>
  batches.map(({ failure }) => failure?.facts.id);
