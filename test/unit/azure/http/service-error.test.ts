import { describe, expect, it } from '@jest/globals';
import { createHttpHeaders, createPipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { thrownResponse, isAbort, networkError, readServiceError } from '../../../../src/azure/http/service-error.ts';

interface Shape {
  readonly status?: number;
  readonly code?: string;
  readonly message?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

/** An error as the SDKs throw it. */
function restError({ status, code, message = 'of the SDK', body, headers = {} }: Shape): RestError {
  const request = createPipelineRequest({ url: 'https://host.example/a' });
  return new RestError(message, {
    ...(code === undefined ? {} : { code }),
    request,
    ...(status === undefined
      ? {}
      : {
          statusCode: status,
          response: { status, request, headers: createHttpHeaders(headers), bodyAsText: body ?? null },
        }),
  });
}

describe('thrownResponse', () => {
  it.each([
    { name: 'an error response', error: restError({ status: 404 }), status: 404 },
    { name: 'a redirect', error: restError({ status: 300 }), status: 300 },
    { name: 'a successful response that could not be read', error: restError({ status: 299 }), status: undefined },
    { name: 'a connection that broke', error: restError({ code: 'ECONNRESET' }), status: undefined },
    { name: 'any other error', error: new Error('no'), status: undefined },
  ])('$name', ({ error, status }) => {
    expect(thrownResponse(error)?.status).toBe(status);
  });
});

describe('readServiceError', () => {
  it.each([
    {
      name: 'an error of ARM',
      shape: {
        status: 409,
        body: '{"error":{"code":"AlreadyInUse","message":"The name\\r\\n is taken."},"status":"Failed"}',
      },
      expected: { status: 409, code: 'AlreadyInUse', reason: 'HTTP 409 AlreadyInUse: The name is taken.' },
    },
    {
      name: 'an error of a registry',
      shape: {
        status: 401,
        body: '{"errors":[{"code":"UNAUTHORIZED","message":"authentication required","detail":null}]}',
      },
      expected: { status: 401, code: 'UNAUTHORIZED', reason: 'HTTP 401 UNAUTHORIZED: authentication required' },
    },
    {
      name: 'an error of storage, whose code is in a header',
      shape: { status: 404, body: '', headers: { 'x-ms-error-code': 'ContainerNotFound' }, message: 'Not there' },
      expected: { status: 404, code: 'ContainerNotFound', reason: 'HTTP 404 ContainerNotFound: Not there' },
    },
    {
      name: 'a response to HEAD, which has no body',
      shape: { status: 403, body: '', headers: { 'x-ms-error-code': 'AuthenticationFailed' }, message: '' },
      expected: { status: 403, code: 'AuthenticationFailed', reason: 'HTTP 403 AuthenticationFailed' },
    },
    {
      name: 'a code that the message contains',
      shape: { status: 403, body: '{"error":{"code":"Denied","message":"Denied by policy"}}' },
      expected: { status: 403, code: 'Denied', reason: 'HTTP 403 Denied by policy' },
    },
    {
      name: 'a page of HTML',
      shape: { status: 502, body: '<html>', message: 'Bad\n gateway' },
      expected: { status: 502, code: null, reason: 'HTTP 502 Bad gateway' },
    },
    {
      name: 'an empty list of errors',
      shape: { status: 500, body: '{"errors":[]}' },
      expected: { status: 500, code: null },
    },
    {
      name: 'an error that is not an object',
      shape: { status: 500, body: '{"error":"oops"}' },
      expected: { status: 500, code: null },
    },
    {
      name: 'null',
      shape: { status: 500, body: 'null' },
      expected: { status: 500, code: null, reason: 'HTTP 500 of the SDK' },
    },
    {
      name: 'an error without a response',
      shape: { code: 'ENOTFOUND', message: 'getaddrinfo ENOTFOUND host' },
      expected: { status: null, code: 'ENOTFOUND', reason: 'getaddrinfo ENOTFOUND host' },
    },
  ])('reads $name', ({ shape, expected }) => {
    expect(readServiceError(restError(shape))).toMatchObject(expected);
  });

  it.each([
    {
      name: 'the correlation id of ARM',
      headers: { 'x-ms-correlation-request-id': 'c-1', 'x-ms-request-id': 'r-1' },
      id: 'c-1',
    },
    { name: 'the request id of storage', headers: { 'x-ms-request-id': 'r-1' }, id: 'r-1' },
    { name: 'null without an id', headers: {}, id: null },
  ])('returns $name', ({ headers, id }) => {
    expect(readServiceError(restError({ status: 500, headers: headers })).correlationId).toBe(id);
  });

  it.each([
    {
      name: 'an error of Node',
      thrown: Object.assign(new Error('no\nspace'), { code: 'ENOSPC' }),
      code: 'ENOSPC',
      reason: 'no space',
    },
    { name: 'a text', thrown: 'a text', code: null, reason: 'a text' },
    { name: 'nothing', thrown: undefined, code: null, reason: 'undefined' },
  ])('reads $name', ({ thrown, code, reason }) => {
    expect(readServiceError(thrown)).toEqual({ status: null, code, reason, correlationId: null });
  });
});

describe('networkError', () => {
  it.each([
    ['ECONNREFUSED', 'ACRT2005'],
    ['ECONNRESET', 'ACRT2005'],
    ['ETIMEDOUT', 'ACRT2005'],
    ['REQUEST_SEND_ERROR', 'ACRT2005'],
    // Codes of Node if a host or a proxy does not speak TLS.
    ['EPROTO', 'ACRT2005'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'ACRT2005'],
    ['ENOTFOUND', 'ACRT2012'],
    ['EAI_AGAIN', 'ACRT2012'],
    ['CERT_HAS_EXPIRED', 'ACRT2013'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'ACRT2013'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'ACRT2013'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ACRT2013'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'ACRT2013'],
  ])('%s is %s, with only the host of the URL', (code, id) => {
    const facts = networkError(restError({ code }), 'https://host.example:8443/a?sig=secret')?.facts;

    expect(facts).toMatchObject({ id, message: expect.stringContaining(`host.example:8443`) });
    expect(facts?.message).toContain(`${code}: of the SDK`);
    expect(JSON.stringify(facts)).not.toContain('secret');
  });

  it.each([
    { name: 'an error response, regardless of its code', error: restError({ status: 403, code: 'ECONNRESET' }) },
    { name: 'another error', error: Object.assign(new Error('x'), { code: 'ENOSPC' }) },
    { name: 'an error without a code', error: new Error('x') },
  ])('returns null for $name', ({ error }) => {
    expect(networkError(error, 'https://host.example')).toBeNull();
  });
});

describe('isAbort', () => {
  it.each([
    { name: 'an abort', error: Object.assign(new Error('x'), { name: 'AbortError' }), is: true },
    { name: 'another error', error: new Error('AbortError'), is: false },
    { name: 'an object that is not an error', error: { name: 'AbortError' }, is: false },
  ])('$name: $is', ({ error, is }) => {
    expect(isAbort(error)).toBe(is);
  });
});
