import type { Principal } from '../contracts.ts';
import { HttpAnswer } from '../http.ts';

/**
 * A refusal of Azure Resource Manager itself, before the resource provider has received the request: `{"error":{…}}` and
 * `x-ms-failure-cause: gateway`, as recorded for a missing child resource.
 */
const gatewayError = (status: number, code: string, message: string): HttpAnswer =>
  new HttpAnswer(status, { error: { code, message } }, { 'x-ms-failure-cause': 'gateway' });

/** A refusal of the registry's resource provider. It adds `"status":"Failed"` to the error, as recorded for AlreadyInUse. */
export const providerError = (status: number, code: string, message: string): HttpAnswer =>
  new HttpAnswer(status, { error: { code, message }, status: 'Failed' });

/** @param resource type and names, like `Microsoft.ContainerRegistry/registries/NAME/pipelineRuns/RUN` */
export const resourceNotFound = (resource: string, resourceGroup: string): HttpAnswer =>
  gatewayError(
    404,
    'ResourceNotFound',
    `The Resource '${resource}' under resource group '${resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );

/** A missing proxy resource of the registry, in the words of its provider (recorded for scope maps). */
export const proxyNotFound = (name: string): HttpAnswer =>
  providerError(404, 'ResourceNotFound', `The resource ${name} could not be found.`);

/** The general texts of Azure Resource Manager for the parents of the registry. */
export const subscriptionNotFound = (id: string): HttpAnswer =>
  gatewayError(404, 'SubscriptionNotFound', `The subscription '${id}' could not be found.`);

/** See {@link subscriptionNotFound}. */
export const resourceGroupNotFound = (name: string): HttpAnswer =>
  gatewayError(404, 'ResourceGroupNotFound', `Resource group '${name}' could not be found.`);

/** Without `?api-version=`. */
export const missingApiVersion = (): HttpAnswer =>
  gatewayError(
    400,
    'MissingApiVersionParameter',
    'The api-version query parameter (?api-version=) is required for all requests.',
  );

/**
 * A type without this api-version and without a location: pipelines and runs, which exist in preview versions only. Recorded
 * for another provider. The versions are separated without blanks.
 */
export const invalidResourceType = (version: string, type: string, supported: readonly string[]): HttpAnswer =>
  gatewayError(
    404,
    'InvalidResourceType',
    `The resource type '${type}' could not be found in the namespace 'Microsoft.ContainerRegistry' for api version '${version}'. The supported api-versions are '${[...supported].sort().join(',')}'.`,
  );

/** The same for a type with a location, whose versions are separated by blanks. Text as in Azure/azure-cli#4050. */
export const unsupportedApiVersion = (version: string, type: string, supported: readonly string[]): HttpAnswer =>
  gatewayError(
    400,
    'NoRegisteredProviderFound',
    `No registered resource provider found for location 'westus' and API version '${version}' for type '${type}'. The supported api-versions are '${[...supported].sort().join(', ')}'. The supported locations are 'westus'.`,
  );

/** The text of every Azure service. For these actions, the documentation only paraphrases it. */
export const authorizationFailed = (caller: Principal, action: string, scope: string): HttpAnswer =>
  gatewayError(
    403,
    'AuthorizationFailed',
    `The client '${caller.clientId}' with object id '${caller.objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );

/** Assumed: code and text; the pattern is the specification's. */
export const invalidName = (type: string, name: string): HttpAnswer =>
  providerError(
    400,
    'InvalidResourceName',
    `The ${type} name '${name}' is invalid. It must be 5 to 50 characters long and contain letters and digits only.`,
  );

/** Code and text as in Azure/bicep-registry-modules#1316, there for another Premium feature. */
export const skuNotSupported = (sku: string): HttpAnswer =>
  providerError(400, 'SkuNotSupported', `The SKU ${sku} is not supported.`);

/** Assumed; modeled on "…is not supported because the registry 'X' has exports disabled." (Azure-Samples/holiday-peak-hub#830). */
export const exportsDisabled = (what: string, registry: string): HttpAnswer =>
  providerError(400, 'BadRequest', `${what} is not supported because the registry '${registry}' has exports disabled.`);

/** Assumed: code and text of every other refusal of a body. */
export const badRequest = (message: string): HttpAnswer => providerError(400, 'BadRequest', message);

/** Assumed: the response of most resource providers to a PUT of a resource that is being created. */
export const runInProgress = (name: string): HttpAnswer =>
  providerError(409, 'Conflict', `The pipeline run '${name}' is in progress. It can be updated when it has ended.`);

/** A refusal of another provider. */
export const armError = (status: number, code: string, message: string): HttpAnswer =>
  new HttpAnswer(status, { error: { code, message } });
