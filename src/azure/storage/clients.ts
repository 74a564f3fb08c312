import type { TokenCredential } from '@azure/core-auth';
import {
  AnonymousCredential,
  ContainerClient,
  newPipeline,
  type Pipeline,
  type StoragePipelineOptions,
} from '@azure/storage-blob';
import { systemClock } from '../../transfer/ports/clock.ts';
import { createThrottle, REQUEST_SECONDS, retryingSend, USER_AGENT, withRequestTimeout } from '../http/index.ts';

/** How a container is opened. */
export type ContainerAccess =
  | {
      readonly kind: 'token';
      readonly credential: TokenCredential;
      /** Audience of storage tokens; null: the account's own URL. */
      readonly audience: string | null;
    }
  /** Container SAS without `?`. */
  | { readonly kind: 'sas'; readonly sas: string };

/** A container as it is asked, in two ways. */
export interface ContainerClients {
  /** For small requests: tried again after what passes, and ended when there is no answer in 60 s (AbortError). */
  readonly patient: ContainerClient;
  /** For blocks: one attempt each, which the domain repeats. */
  readonly once: ContainerClient;
  /** The pipeline of `once`, for a request that the SDK has no option for. */
  readonly pipeline: () => Pipeline;
  /** One attempt, ended when there is no answer in 60 s (AbortError). */
  readonly timely: () => Pipeline;
  /** The pipeline of `patient`, for requests to the account. */
  readonly patiently: () => Pipeline;
}

/** The request of a storage client, as far as it is changed on its way. */
type StorageRequest = Parameters<ReturnType<Pipeline['factories'][number]['create']>['sendRequest']>[0];

/** A pipeline that changes each request before it is sent. */
export function changing(pipeline: Pipeline, change: (request: StorageRequest) => void): Pipeline {
  pipeline.factories.push({
    create: (next) => ({
      sendRequest: (request) => {
        change(request);
        return next.sendRequest(request);
      },
    }),
  });
  return pipeline;
}

/** The clients set no limit of their own, and would wait for ever where a connection has gone silent. */
const limited = (pipeline: Pipeline): Pipeline =>
  changing(pipeline, (request) => {
    request.timeout = REQUEST_SECONDS * 1000;
  });

/** Sends each request until it is answered (see http/pipeline-policy.ts). */
function persistent(pipeline: Pipeline): Pipeline {
  const send = retryingSend(createThrottle(systemClock), systemClock);
  pipeline.factories.push({
    create: (next) => ({
      sendRequest: (request) => {
        const given = request.abortSignal as AbortSignal | undefined;
        return send(
          () =>
            withRequestTimeout(given, (abortSignal) => {
              request.abortSignal = abortSignal;
              return next.sendRequest(request);
            }),
          given,
        );
      },
    }),
  });
  return pipeline;
}

/** Scope of storage tokens. */
export const storageScope = (uri: string, audience: string | null): string =>
  `${audience ?? new URL(uri).origin}/.default`;

/** Makes the clients of a container. */
export function createClients(uri: string, access: ContainerAccess): ContainerClients {
  const credential = access.kind === 'sas' ? new AnonymousCredential() : access.credential;
  const audience = access.kind === 'sas' ? {} : { audience: storageScope(uri, access.audience) };
  const url = access.kind === 'sas' ? `${uri}?${access.sas}` : uri;
  const options: StoragePipelineOptions = {
    userAgentOptions: { userAgentPrefix: USER_AGENT },
    retryOptions: { maxTries: 1 },
    ...audience,
  };
  const pipeline = (): Pipeline => newPipeline(credential, options);
  const patiently = (): Pipeline => persistent(pipeline());
  return {
    patient: new ContainerClient(url, patiently()),
    once: new ContainerClient(url, pipeline()),
    pipeline,
    timely: () => limited(pipeline()),
    patiently,
  };
}
