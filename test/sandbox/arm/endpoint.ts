import type { CloudContext, Principal, TokenService } from '../contracts.ts';
import type { RoleAssignment } from '../description.ts';
import { HttpAnswer, readBody, sendJson } from '../http.ts';
import type { Exchange, Route } from '../http.ts';
import { holdsRole } from '../roles.ts';
import {
  authorizationFailed,
  badRequest,
  invalidResourceType,
  missingApiVersion,
  resourceGroupNotFound,
  resourceNotFound,
  subscriptionNotFound,
  unsupportedApiVersion,
} from './errors.ts';
import { gatewayHeaders, providerHeaders, remaining } from './headers.ts';

/** The registry of a cloud, with its resource group and subscription. */
export interface RegistryPlace {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly registry: string;
  /** `host:port` of the data plane. */
  readonly loginServer: string;
}

/** A request after authentication, authorization and the lookup of its parents. */
export interface Call {
  readonly caller: Principal;
  /** The last name in the path; empty for lists. */
  readonly name: string;
  readonly params: Readonly<Record<string, string>>;
  readonly url: URL;
  readonly apiVersion: string;
  /** Parses the body. Throws 400 if it isn't JSON. */
  readonly json: () => Promise<unknown>;
}

/** A response of the resource provider. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One operation of the API. */
export interface Operation {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Pattern of the path below the registry. Absent for operations above the registry. */
  readonly below?: string;
  /** Pattern of the whole path, if `below` is absent. */
  readonly path?: string;
  /** The last part of the RBAC action: `Microsoft.ContainerRegistry/registries/…` */
  readonly action: string;
  /** The whole RBAC action of another provider. Replaces `action`. */
  readonly foreignAction?: string;
  /** Whether each signed-in identity is allowed to send it. */
  readonly forAll?: boolean;
  readonly versions: readonly string[];
  readonly handle: (call: Call) => Promise<Reply> | Reply;
}

/** Everything that an operation needs to authorize a request. */
export interface Gate {
  readonly context: CloudContext;
  readonly tokens: TokenService;
  readonly place: RegistryPlace;
  /** Audiences of tokens for this ARM. */
  readonly audiences: () => readonly string[];
}

const PROVIDER = 'Microsoft.ContainerRegistry';
const REGISTRY_PATH = `/subscriptions/(?<subscription>[^/]+)/resourceGroups/(?<group>[^/]+)/providers/${PROVIDER}/registries/(?<registry>[^/]+)`;

/** Resource ID of the registry. */
export const registryId = ({ subscriptionId, resourceGroup, registry }: RegistryPlace): string =>
  `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${PROVIDER}/registries/${registry}`;

/** Names and IDs are compared case-insensitively, as in Azure Resource Manager. */
export const sameName = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();

function checkPlace(params: Readonly<Record<string, string>>, place: RegistryPlace): void {
  const { subscription = place.subscriptionId, group = place.resourceGroup, registry = place.registry } = params;
  if (!sameName(subscription, place.subscriptionId)) throw subscriptionNotFound(subscription);
  if (!sameName(group, place.resourceGroup)) throw resourceGroupNotFound(group);
  if (!sameName(registry, place.registry)) throw resourceNotFound(`${PROVIDER}/registries/${registry}`, group);
}

function checkVersion({ versions, action }: Operation, url: URL): string {
  const version = url.searchParams.get('api-version');
  if (version === null) throw missingApiVersion();
  if (versions.includes(version)) return version;
  const type = action.split('/').slice(0, -1).join('/');
  throw type.startsWith('registries/')
    ? invalidResourceType(version, type, versions)
    : unsupportedApiVersion(version, type, versions);
}

async function parseJson(exchange: Exchange): Promise<unknown> {
  const text = (await readBody(exchange.request)).toString();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badRequest('The request content was invalid and could not be deserialized.');
  }
}

const ASSIGNERS: readonly RoleAssignment['role'][] = [
  'Role Based Access Control Administrator',
  'User Access Administrator',
];

/** Roles that give actions of other providers (Microsoft Learn, "Azure built-in roles"). */
const ROLES_FOR: Readonly<Record<string, readonly RoleAssignment['role'][]>> = {
  'Microsoft.Authorization/roleAssignments/write': ASSIGNERS,
  'Microsoft.Authorization/roleAssignments/delete': ASSIGNERS,
  'Microsoft.KeyVault/vaults/accessPolicies/write': ['Key Vault Contributor'],
  'Microsoft.Storage/storageAccounts/listkeys/action': ['Storage Account Key Operator Service Role'],
};

/** Reader can read everything in ARM (Microsoft Learn, "Azure built-in roles"). The transfer contributor can do everything here. */
const mayDo = (
  { method, foreignAction, forAll }: Operation,
  roles: readonly RoleAssignment[],
  principalId: string,
  path: string,
): boolean => {
  const holds = (role: RoleAssignment['role']): boolean => holdsRole(roles, principalId, role, path);
  if (forAll === true || (method === 'GET' && holds('Reader'))) return true;
  if (foreignAction === undefined) return holds('Container Registry Transfer Pipeline Contributor');
  return ROLES_FOR[foreignAction]?.some(holds) === true;
};

/** The order of Azure Resource Manager: authentication, authorization, existence. */
async function admit(gate: Gate, operation: Operation, exchange: Exchange): Promise<Call> {
  const { context, tokens, place } = gate;
  const { request, url, params } = exchange;
  const caller = await tokens.verifyBearer(request, gate.audiences());
  const apiVersion = checkVersion(operation, url);
  if (!mayDo(operation, context.roles(), caller.objectId, url.pathname)) {
    const scope = url.pathname.replace(/\/operationStatuses\/.*/, '');
    throw authorizationFailed(caller, operation.foreignAction ?? `${PROVIDER}/${operation.action}`, scope);
  }
  checkPlace(params, place);
  return { caller, name: params['name'] ?? '', params, url, apiVersion, json: () => parseJson(exchange) };
}

/** Recorded: refusals have no `api-supported-versions`. They have rate limits only if the provider refuses a write. */
const refusalHeaders = (method: Operation['method'], { headers }: HttpAnswer): Record<string, string> => ({
  ...gatewayHeaders(),
  ...(headers['x-ms-failure-cause'] === undefined && method !== 'GET' ? remaining(method) : {}),
});

/**
 * Creates the route of an operation. Paths are matched case-insensitively. Every response has ARM's headers. The provider's
 * headers are added after the request has reached the provider.
 */
export function operationRoute(gate: Gate, operation: Operation): Route {
  const path = operation.path ?? `${REGISTRY_PATH}${operation.below ?? ''}`;
  return {
    method: operation.method,
    pattern: new RegExp(`^${path}/?$`, 'i'),
    handle: async (exchange) => {
      const headers = gatewayHeaders();
      try {
        const call = await admit(gate, operation, exchange);
        Object.assign(
          headers,
          providerHeaders(
            operation.method === 'POST' ? 'GET' : operation.method,
            gate.context.tenantId,
            call.caller,
            operation.versions,
          ),
        );
        const reply = await operation.handle(call);
        const empty = reply.body === undefined && reply.status !== 204 ? { 'content-length': '0' } : {};
        sendJson(exchange.response, reply.status, reply.body, { ...headers, ...empty, ...reply.headers });
      } catch (error) {
        if (!(error instanceof HttpAnswer)) throw error;
        throw new HttpAnswer(error.status, error.body, {
          ...refusalHeaders(operation.method, error),
          ...error.headers,
        });
      }
    },
  };
}
