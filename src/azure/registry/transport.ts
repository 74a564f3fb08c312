import {
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
import { httpClient, proxySettings, USER_AGENT, withRequestTimeout } from '../http/index.ts';

/** One request to a registry. */
export interface RegistryRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For POST only. */
  readonly body?: string;
  /** A longer response body is an error. */
  readonly maxBytes: number;
}

/** A response of any status. */
export interface RegistryResponse {
  readonly url: string;
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: Buffer;
}

/** Sends a request once, and returns a response of any status. */
export type Send = (request: RegistryRequest) => Promise<RegistryResponse>;

const ANY_STATUS = new Set([Number.POSITIVE_INFINITY]);

/**
 * Creates the error that SDKs throw for an error response. It contains no request headers or body, because they contain secrets.
 */
export function responseError({ url, status, headers, body }: RegistryResponse): RestError {
  const request = createPipelineRequest({ url });
  const response = { request, status, headers, bodyAsText: body.toString('utf8') };
  return new RestError('the response has no error body', { statusCode: status, request, response });
}

async function readBody(stream: NodeReadableStream | undefined, maxBytes: number): Promise<Buffer> {
  if (stream === undefined) return Buffer.alloc(0);
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop destroys the stream.
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new Error(`the response is larger than ${maxBytes} bytes`);
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
 * Creates a transport that keeps connections alive. It doesn't retry, because the throttle coordinates retries of all
 * requests. It doesn't follow redirects, because they could send a token to another host, and a registry never redirects
 * these requests.
 */
export function createTransport(): Send {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(proxyPolicy(proxySettings()));
  pipeline.addPolicy(userAgentPolicy({ userAgentPrefix: USER_AGENT }));
  pipeline.addPolicy(setClientRequestIdPolicy());
  pipeline.addPolicy(logPolicy(), { afterPhase: 'Sign' });
  return (request) =>
    withRequestTimeout(undefined, async (signal) => {
      const { status, headers, readableStreamBody } = await pipeline.sendRequest(
        httpClient,
        toRequest(request, signal),
      );
      return { url: request.url, status, headers, body: await readBody(readableStreamBody, request.maxBytes) };
    });
}
