import type { TokenCredential } from '@azure/core-auth';
import {
  AnonymousCredential,
  ContainerClient,
  newPipeline,
  type Pipeline,
  type StoragePipelineOptions,
} from '@azure/storage-blob';
import { systemClock } from '../../transfer/ports/clock.ts';
import {
  createThrottle,
  proxySettings,
  REQUEST_SECONDS,
  retryingSend,
  routeRequest,
  USER_AGENT,
  withRequestTimeout,
  type RetryingSend,
} from '../http/index.ts';

/** Authorization for a container. */
export type ContainerAccess =
  | {
      readonly kind: 'token';
      readonly credential: TokenCredential;
      /** Audience of storage tokens; null: the account's own URL. */
      readonly audience: string | null;
    }
  /** Container SAS without `?`. */
  | { readonly kind: 'sas'; readonly sas: string };

/** Clients and pipelines for one container. */
export interface ContainerClients {
  /** For small requests: retries temporary errors. Each attempt ends after 60 s without a response (AbortError). */
  readonly retrying: ContainerClient;
  /** For blocks: one attempt per request. The domain retries. */
  readonly singleAttempt: ContainerClient;
  /** The pipeline of `singleAttempt`, for a request that the SDK has no option for. */
  readonly singleAttemptPipeline: () => Pipeline;
  /** One attempt, which ends after 60 s without a response (AbortError). */
  readonly timeLimitedPipeline: () => Pipeline;
  /** The pipeline of `retrying`, for requests to the account. */
  readonly retryingPipeline: () => Pipeline;
}

/** A request in a pipeline of the storage SDK. */
type StorageRequest = Parameters<ReturnType<Pipeline['factories'][number]['create']>['sendRequest']>[0];

/** Adds a step to a pipeline that modifies each request before it is sent. */
export function modifyRequests(pipeline: Pipeline, modify: (request: StorageRequest) => void): Pipeline {
  pipeline.factories.push({
    create: (next) => ({
      sendRequest: (request) => {
        modify(request);
        return next.sendRequest(request);
      },
    }),
  });
  return pipeline;
}

/** Adds a time limit to each request. The SDK has none, and would wait for a silent connection without end. */
const withTimeLimit = (pipeline: Pipeline): Pipeline =>
  modifyRequests(pipeline, (request) => {
    request.timeout = REQUEST_SECONDS * 1000;
  });

/** Adds retries to a pipeline (see http/pipeline-policy.ts). */
function withRetries(pipeline: Pipeline, send: RetryingSend): Pipeline {
  pipeline.factories.push({
    create: (next) => ({
      sendRequest: (request) => {
        const callerSignal = request.abortSignal as AbortSignal | undefined;
        return send(
          () =>
            withRequestTimeout(callerSignal, (abortSignal) => {
              request.abortSignal = abortSignal;
              return next.sendRequest(request);
            }),
          callerSignal,
        );
      },
    }),
  });
  return pipeline;
}

/** Scope of storage tokens. */
export const storageScope = (uri: string, audience: string | null): string =>
  `${audience ?? new URL(uri).origin}/.default`;

/** Creates the clients of a container. */
export function createClients(uri: string, access: ContainerAccess): ContainerClients {
  const credential = access.kind === 'sas' ? new AnonymousCredential() : access.credential;
  const audience = access.kind === 'sas' ? {} : { audience: storageScope(uri, access.audience) };
  const url = access.kind === 'sas' ? `${uri}?${access.sas}` : uri;
  const proxy = proxySettings();
  const options: StoragePipelineOptions = {
    ...(proxy !== undefined && { proxyOptions: proxy }),
    userAgentOptions: { userAgentPrefix: USER_AGENT },
    retryOptions: { maxTries: 1 },
    ...audience,
  };
  const singleAttemptPipeline = (): Pipeline => modifyRequests(newPipeline(credential, options), routeRequest);
  const send = retryingSend(createThrottle(systemClock), systemClock);
  const retryingPipeline = (): Pipeline => withRetries(singleAttemptPipeline(), send);
  return {
    retrying: new ContainerClient(url, retryingPipeline()),
    singleAttempt: new ContainerClient(url, singleAttemptPipeline()),
    singleAttemptPipeline,
    timeLimitedPipeline: () => withTimeLimit(singleAttemptPipeline()),
    retryingPipeline,
  };
}
