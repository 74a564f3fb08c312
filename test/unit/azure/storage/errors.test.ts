import { AbortError } from '@azure/abort-controller';
import { createHttpHeaders, createPipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { describe, expect, it } from '@jest/globals';
import { readServiceError } from '../../../../src/azure/http/service-error.ts';
import { hasChanged, isMissingBlob, sourceStatus, storageError } from '../../../../src/azure/storage/errors.ts';
import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';

const place = { side: 'target', uri: 'https://a.example/c', blob: 'b.tar' } as const;

/** An answer as the SDK throws it. */
function refused(status: number, code: string | null, headers: Readonly<Record<string, string>> = {}): RestError {
  const request = createPipelineRequest({ url: 'https://a.example/c/b.tar' });
  const all = { ...headers, ...(code === null ? {} : { 'x-ms-error-code': code }), 'x-ms-request-id': 'r-1' };
  const response = { status, request, headers: createHttpHeaders(all) };
  return new RestError('of the service', { statusCode: status, request, response });
}

const broken = (code: string): RestError => new RestError(`connect ${code}`, { code });

const judged = (error: unknown): readonly unknown[] => {
  const { facts, temporary } = storageError(error, place);
  return [facts.id, temporary];
};

const LATER = { retryAfterSeconds: null, throttled: false };

describe('what may pass', () => {
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
  ])('is an answer %i %s', (status, code, temporary) => {
    expect(judged(refused(status, code))).toEqual(['ACRT5005', temporary]);
  });

  it('is told with the wait that the service asks for', () => {
    const seconds = refused(503, 'SomethingElse', { 'retry-after': '7' });
    expect(judged(seconds)).toEqual(['ACRT5005', { retryAfterSeconds: 7, throttled: true }]);
    const date = refused(429, null, { 'retry-after': new Date(0).toUTCString() });
    expect(judged(date)).toEqual(['ACRT5005', { retryAfterSeconds: 0, throttled: true }]);
  });

  it.each([
    ['ECONNRESET', 'ACRT2005'],
    ['ECONNREFUSED', 'ACRT2005'],
    ['ETIMEDOUT', 'ACRT2005'],
    ['EPIPE', 'ACRT2005'],
    ['ENOTFOUND', 'ACRT2012'],
    ['EAI_AGAIN', 'ACRT2012'],
  ])('is %s', (code, id) => {
    expect(judged(broken(code))).toEqual([id, LATER]);
  });

  it('is a request without an answer', () => {
    expect(judged(new AbortError('aborted'))).toEqual(['ACRT2005', LATER]);
  });

  it('is trouble of the source of a copy, whatever its status', () => {
    const busy = refused(409, 'CannotVerifyCopySource', { 'x-ms-copy-source-error-code': 'ServerBusy' });
    expect(judged(busy)).toEqual(['ACRT5005', LATER]);
  });
});

describe('what stays', () => {
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
  ])('is an answer %i %s', (status, code, id) => {
    expect(judged(refused(status, code))).toEqual([id, null]);
  });

  it.each(['CERT_HAS_EXPIRED', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'])('is %s', (code) => {
    expect(judged(broken(code))).toEqual(['ACRT2013', null]);
  });

  it('is an error of ours', () => {
    expect(judged(new Error('a mistake'))).toEqual(['ACRT5005', null]);
  });

  it('is told with the request id, and a failure as it is', () => {
    expect(storageError(refused(403, null), place).facts.correlationId).toBe('r-1');
    const known = transferError('ACRT5003', { blob: 'b' });
    expect(storageError(known, place)).toBe(known);
  });
});

describe('what an answer says of a blob', () => {
  const says = (status: number, code: string | null): readonly boolean[] => {
    const refusal = readServiceError(refused(status, code));
    return [isMissingBlob(refusal), hasChanged(refusal)];
  };

  it.each([
    [404, 'BlobNotFound', [true, true]],
    [404, null, [true, false]],
    [404, 'ContainerNotFound', [false, false]],
    [409, 'BlobAlreadyExists', [false, true]],
    [409, 'ContainerBeingDeleted', [false, false]],
    [412, 'ConditionNotMet', [false, true]],
    [412, 'LeaseIdMissing', [false, false]],
  ])('%i %s', (status, code, expected) => {
    expect(says(status, code)).toEqual(expected);
  });

  it('tells what the source of a copy has answered', () => {
    expect(sourceStatus(refused(403, 'AuthenticationFailed', { 'x-ms-copy-source-status-code': '404' }))).toBe(404);
    expect(sourceStatus(refused(403, 'AuthenticationFailed'))).toBeNull();
    expect(sourceStatus(new Error('x'))).toBeNull();
  });
});
