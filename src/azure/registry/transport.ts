import {
  createDefaultHttpClient,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  logPolicy,
  proxyPolicy,
  RestError,
  setClientRequestIdPolicy,
  userAgentPolicy,
  type HttpHeaders,
  type NodeReadableStream,
  type PipelineRequest,
} from '@azure/core-rest-pipeline';
import { USER_AGENT, withRequestTimeout } from '../http/index.ts';

/** One request of a registry. */
export interface RegistryRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of a POST. */
  readonly body?: string;
  /** A longer answer is not read to its end, in bytes. */
  readonly largest: number;
}

/** Any answer, of errors too. */
export interface RegistryResponse {
  readonly url: string;
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: Buffer;
}

/** Sends a request. */
export type Send = (ask: RegistryRequest) => Promise<RegistryResponse>;

const ANY_STATUS = new Set([Number.POSITIVE_INFINITY]);

/**
 * The error that SDKs throw for such an answer. It keeps neither the request nor what went with it: those are secrets.
 */
export function refusedResponse({ url, status, headers, body }: RegistryResponse): RestError {
  const request = createPipelineRequest({ url });
  const response = { request, status, headers, bodyAsText: body.toString('utf8') };
  return new RestError('the registry gives no reason', { statusCode: status, request, response });
}

async function readBody(stream: NodeReadableStream | undefined, largest: number): Promise<Buffer> {
  if (stream === undefined) return Buffer.alloc(0);
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop destroys the stream.
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largest) throw new Error(`the answer is larger than ${largest} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function toRequest({ method, url, headers, body }: RegistryRequest, abortSignal: AbortSignal): PipelineRequest {
  return createPipelineRequest({
    url,
    method,
    headers: createHttpHeaders(headers),
    abortSignal,
    streamResponseStatusCodes: ANY_STATUS,
    ...(body === undefined ? {} : { body }),
  });
}

/**
 * Sends requests over connections that are kept. Neither retries, which one gate for all requests decides on, nor redirects,
 * which would carry a token elsewhere: the requests made here are never redirected by a registry.
 */
export function createTransport(): Send {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(proxyPolicy());
  pipeline.addPolicy(userAgentPolicy({ userAgentPrefix: USER_AGENT }));
  pipeline.addPolicy(setClientRequestIdPolicy());
  pipeline.addPolicy(logPolicy(), { afterPhase: 'Sign' });
  const client = createDefaultHttpClient();
  return (ask) =>
    withRequestTimeout(undefined, async (signal) => {
      const { status, headers, readableStreamBody } = await pipeline.sendRequest(client, toRequest(ask, signal));
      return { url: ask.url, status, headers, body: await readBody(readableStreamBody, ask.largest) };
    });
}
