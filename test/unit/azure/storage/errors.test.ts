import { AbortError } from '@azure/abort-controller';
import { createHttpHeaders, createPipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { describe, expect, it } from '@jest/globals';
import { readServiceError } from '../../../../src/azure/http/service-error.ts';
import { hasChanged, isMissingBlob, sourceStatus, storageError } from '../../../../src/azure/storage/errors.ts';
import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';

const location = { side: 'target', uri: 'https://a.example/c', blob: 'b.tar' } as const;

/** An error response as the SDK throws it. */
function errorResponse(status: number, code: string | null, headers: Readonly<Record<string, string>> = {}): RestError {
  const request = createPipelineRequest({ url: 'https://a.example/c/b.tar' });
  const all = { ...headers, ...(code === null ? {} : { 'x-ms-error-code': code }), 'x-ms-request-id': 'r-1' };
  const response = { status, request, headers: createHttpHeaders(all) };
  return new RestError('of the service', { statusCode: status, request, response });
}

const networkFailure = (code: string): RestError => new RestError(`connect ${code}`, { code });

const classify = (error: unknown): readonly unknown[] => {
  const { facts, temporary } = storageError(error, location);
  return [facts.id, temporary];
};

const LATER = { retryAfterSeconds: null, throttled: false };

describe('a temporary error', () => {
  it.each([
    [408, null, LATER],
    [429, null, { retryAfterSeconds: null, throttled: true }],
    [500, 'InternalError', LATER],
    [500, 'OperationTimedOut', LATER],
    [502, null, LATER],
    [503, 'ServerBusy', { retryAfterSeconds: null, throttled: true }],
    [503, null, { retryAfterSeconds: null, throttled: true }],
    [503, 'SomethingElse', LATER],
    [504, null, LATER],
    [400, 'Md5Mismatch', LATER],
  ])('is a response %i %s', (status, code, temporary) => {
    expect(classify(errorResponse(status, code))).toEqual(['ACRT5005', temporary]);
  });

  it('has the wait from the response', () => {
    const seconds = errorResponse(503, 'SomethingElse', { 'retry-after': '7' });
    expect(classify(seconds)).toEqual(['ACRT5005', { retryAfterSeconds: 7, throttled: true }]);
    const date = errorResponse(429, null, { 'retry-after': new Date(0).toUTCString() });
    expect(classify(date)).toEqual(['ACRT5005', { retryAfterSeconds: 0, throttled: true }]);
  });

  it('C4, B20: has at most two minutes of wait, also if the service asks for a day', () => {
    const day = errorResponse(503, 'ServerBusy', { 'retry-after': '86400' });
    expect(classify(day)).toEqual(['ACRT5005', { retryAfterSeconds: 120, throttled: true }]);
  });

  it.each([
    ['ECONNRESET', 'ACRT2005'],
    ['ECONNREFUSED', 'ACRT2005'],
    ['ETIMEDOUT', 'ACRT2005'],
    ['EPIPE', 'ACRT2005'],
    ['ENOTFOUND', 'ACRT2012'],
    ['EAI_AGAIN', 'ACRT2012'],
  ])('is %s', (code, id) => {
    expect(classify(networkFailure(code))).toEqual([id, LATER]);
  });

  it('is a request without a response', () => {
    expect(classify(new AbortError('aborted'))).toEqual(['ACRT2005', LATER]);
  });

  it('is a temporary error of the source of a copy, regardless of the status', () => {
    const busy = errorResponse(409, 'CannotVerifyCopySource', { 'x-ms-copy-source-error-code': 'ServerBusy' });
    expect(classify(busy)).toEqual(['ACRT5005', LATER]);
  });
});

describe('a permanent error', () => {
  it.each([
    [403, 'AuthorizationPermissionMismatch', 'ACRT5004'],
    [401, 'InvalidAuthenticationInfo', 'ACRT5004'],
    [404, 'ContainerNotFound', 'ACRT3006'],
    [404, 'BlobNotFound', 'ACRT5005'],
    [412, 'ConditionNotMet', 'ACRT5003'],
    [412, 'SourceConditionNotMet', 'ACRT5003'],
    [412, 'LeaseIdMissing', 'ACRT5018'],
    [403, 'AuthenticationFailed', 'ACRT5015'],
    [403, 'AuthorizationFailure', 'ACRT5016'],
    [409, 'PublicAccessNotPermitted', 'ACRT5015'],
    [401, 'NoAuthenticationInformation', 'ACRT5015'],
    [403, 'AuthorizationSourceIPMismatch', 'ACRT5015'],
    [403, 'KeyVaultEncryptionKeyNotFound', 'ACRT5020'],
    [403, 'KeyBasedAuthenticationNotPermitted', 'ACRT5017'],
    [409, 'BlobImmutableDueToPolicy', 'ACRT5018'],
    [409, 'BlobArchived', 'ACRT5019'],
    [400, 'InvalidBlobOrBlock', 'ACRT5013'],
    [400, 'InvalidBlockId', 'ACRT5013'],
    [400, 'InvalidHeaderValue', 'ACRT5005'],
    [413, 'RequestBodyTooLarge', 'ACRT5005'],
    [501, 'NotImplemented', 'ACRT5005'],
  ])('is a response %i %s', (status, code, id) => {
    expect(classify(errorResponse(status, code))).toEqual([id, null]);
  });

  it.each(['CERT_HAS_EXPIRED', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'])('is %s', (code) => {
    expect(classify(networkFailure(code))).toEqual(['ACRT2013', null]);
  });

  it('is any other error', () => {
    expect(classify(new Error('a mistake'))).toEqual(['ACRT5005', null]);
  });

  it('has the request id; a TransferError stays unchanged', () => {
    expect(storageError(errorResponse(403, null), location).facts.correlationId).toBe('r-1');
    const known = transferError('ACRT5003', { blob: 'b' });
    expect(storageError(known, location)).toBe(known);
  });
});

describe('an error response', () => {
  const classifyBlob = (status: number, code: string | null): readonly boolean[] => {
    const serviceError = readServiceError(errorResponse(status, code));
    return [isMissingBlob(serviceError), hasChanged(serviceError)];
  };

  it.each([
    [404, 'BlobNotFound', [true, true]],
    [404, null, [true, false]],
    [404, 'ContainerNotFound', [false, false]],
    [409, 'BlobAlreadyExists', [false, true]],
    [409, 'ContainerBeingDeleted', [false, false]],
    [412, 'ConditionNotMet', [false, true]],
    [412, 'LeaseIdMissing', [false, false]],
  ])('%i %s is a missing or changed blob: %j', (status, code, expected) => {
    expect(classifyBlob(status, code)).toEqual(expected);
  });

  it('contains the status of the source of a copy', () => {
    expect(sourceStatus(errorResponse(403, 'AuthenticationFailed', { 'x-ms-copy-source-status-code': '404' }))).toBe(
      404,
    );
    expect(sourceStatus(errorResponse(403, 'AuthenticationFailed'))).toBeNull();
    expect(sourceStatus(new Error('x'))).toBeNull();
  });
});
