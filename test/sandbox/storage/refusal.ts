import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** The content of an error of Blob storage. */
export interface RefusalFacts {
  readonly status: number;
  /** `x-ms-error-code` and `<Code>`. */
  readonly code: string;
  /** First line of `<Message>`, and the reason phrase. */
  readonly message: string;
  /** Further elements of the body, such as AuthenticationErrorDetail. */
  readonly details?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Ends a request with an error of Blob storage. The front end converts the thrown value to a response. */
export class Refusal extends Error {
  readonly facts: RefusalFacts;

  constructor(facts: RefusalFacts) {
    super(facts.message);
    this.facts = facts;
  }
}

/** 403 for a principal or SAS without the permission. */
export const permissionMismatch = (): Refusal =>
  new Refusal({
    status: 403,
    code: 'AuthorizationPermissionMismatch',
    message: 'This request is not authorized to perform this operation using this permission.',
  });

/**
 * 403 for a request signed with the key of an account that doesn't allow keys (Microsoft Learn, "Prevent Shared Key
 * authorization").
 */
export const keysSwitchedOff = (): Refusal =>
  new Refusal({
    status: 403,
    code: 'KeyBasedAuthenticationNotPermitted',
    message: 'Key based authentication is not permitted on this storage account.',
  });

/** 403 of a firewall, for all clients and credentials (Microsoft Learn, "Common REST API error codes"). */
export const firewalled = (): Refusal =>
  new Refusal({
    status: 403,
    code: 'AuthorizationFailure',
    message: 'This request is not authorized to perform this operation.',
  });

/**
 * 401 for an invalid bearer token, or without credentials. Texts and challenge as in Azure/AzureStor#119.
 * @param tenantAuthority the tenant's authority URL
 */
export const challenged = (
  code: 'InvalidAuthenticationInfo' | 'NoAuthenticationInformation',
  tenantAuthority: string,
): Refusal =>
  new Refusal({
    status: 401,
    code,
    message:
      'Server failed to authenticate the request. Please refer to the information in the www-authenticate header.',
    headers: {
      'www-authenticate': `Bearer authorization_uri=${tenantAuthority}/oauth2/authorize resource_id=https://storage.azure.com`,
    },
  });

/** 400 for a bearer token that doesn't have the form of one (recorded). */
export const malformedToken = (): Refusal =>
  new Refusal({
    status: 400,
    code: 'InvalidAuthenticationInfo',
    message: 'Authentication information is not given in the correct format. Check the value of Authorization header.',
  });

/** 403 for a shared key or SAS with an invalid signature or time. */
export const authenticationFailed = (detail: string): Refusal =>
  new Refusal({
    status: 403,
    code: 'AuthenticationFailed',
    message:
      'Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.',
    details: { AuthenticationErrorDetail: detail },
  });

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function body({ code, message, details = {} }: RefusalFacts, requestId: string): Buffer {
  const extra = Object.entries(details).map(([name, text]) => `<${name}>${escape(text)}</${name}>`);
  const text = `${escape(message)}\nRequestId:${requestId}\nTime:${new Date().toISOString()}`;
  return Buffer.from(
    `\uFEFF<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${text}</Message>${extra.join('')}</Error>`,
  );
}

/** Responds as Blob storage does: XML with a byte order mark, the code also as a header, only headers for HEAD. */
export function refuse(request: IncomingMessage, response: ServerResponse, facts: RefusalFacts): void {
  const requestId = randomUUID();
  const empty = request.method === 'HEAD' || facts.status === 304;
  const bytes = body(facts, requestId);
  const clientRequestId = request.headers['x-ms-client-request-id'];
  const reason = /^[\x20-\x7e]+$/.test(facts.message) ? facts.message : STATUS_CODES[facts.status];
  response.writeHead(facts.status, reason, {
    'content-type': 'application/xml',
    'content-length': String(empty ? 0 : bytes.length),
    'x-ms-error-code': facts.code,
    'x-ms-request-id': requestId,
    'x-ms-version': String(request.headers['x-ms-version'] ?? '2025-01-05'),
    ...(clientRequestId === undefined ? {} : { 'x-ms-client-request-id': String(clientRequestId) }),
    ...facts.headers,
  });
  response.end(empty ? undefined : bytes);
}
