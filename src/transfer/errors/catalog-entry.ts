/**
 * One catalog entry, and the parts that remedies share: commands, Bicep, search link.
 *
 * The Bicep is for a person with more permissions. Its values come from ARM or were checked. None contains a quote.
 */
import { redact } from './redact.ts';

const MAX_QUERY_LENGTH = 120;
/** A search finds only issues that contain all of its words. */
const MAX_WORDS = 8;
const MAX_READ = 2000;

/** Names that a service puts in quotes belong to the user. */
const QUOTED = /'[^']{0,200}'|"[^"]{0,200}"|`[^`]{0,200}`/g;

/** Punctuation around a word. */
const AROUND = /^[^\p{L}\d]+|[^\p{L}\d]+$/gu;

/** Public error codes: AADSTS700016, MANIFEST_UNKNOWN. */
const CODE = /^(?:AADSTS\d{2,8}|[A-Z]{2,20}(?:_[A-Z]{1,20}){1,4})$/;

/** A word consists of letters. Hosts, IDs, digests, paths, references and secrets contain other characters, or are longer. */
const WORD = /^\p{L}{2,40}$/u;

const isPublicWord = (word: string): boolean => CODE.test(word) || WORD.test(word);

/**
 * A link that searches public issues for the words of a service, without names and values of the user.
 * @param reason the service's words
 * @param about the subject of the search
 */
export function searchLink(reason: string, about = 'acr transfer'): string {
  const words = redact(reason.slice(0, MAX_READ))
    .replace(QUOTED, ' ')
    .split(/\s+/)
    .map((word) => word.replace(AROUND, ''))
    .filter(isPublicWord);
  let query = about;
  for (const word of [...new Set(words)].slice(0, MAX_WORDS)) {
    if (query.length + word.length >= MAX_QUERY_LENGTH) break;
    query = `${query} ${word}`;
  }
  return `https://github.com/search?${new URLSearchParams({ type: 'issues', q: query }).toString()}`;
}

/** The claims of an id-token that a federated credential must match exactly. */
interface TokenClaims {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

/** Characters that are safe in a quoted command. No claim of an id-token contains others. */
const SAFE = /^[\w:@./*-]{1,300}$/;

function claimIn(reason: string, name: keyof TokenClaims, otherwise: string): string {
  const found = new RegExp(`assertion ${name}:? '([^']{1,300})'`, 'i').exec(reason)?.[1] ?? '';
  return SAFE.test(found) ? found : otherwise;
}

/**
 * The claims of the id-token that Entra repeats, with placeholders for the others. AADSTS70021 repeats all of them,
 * AADSTS700211 to 700213 repeat the claim that didn't match. The default issuer is GitHub.
 */
export const claimsIn = (reason: string): TokenClaims => ({
  issuer: claimIn(reason, 'issuer', 'https://token.actions.githubusercontent.com'),
  subject: claimIn(reason, 'subject', 'SUBJECT'),
  audience: claimIn(reason, 'audience', 'AUDIENCE'),
});

/**
 * One entry. Message and remedy are functions of the values that are known where the error is thrown. The documentation adds
 * meaning and evidence (`scripts/docs/errors/notes.ts`).
 */
export interface CatalogEntry<Values> {
  readonly title: string;
  readonly message: (values: Values) => string;
  readonly remedy: (values: Values) => string;
}

/** An entry of the catalog. Infers the values that its texts need. */
export const entry = <Values extends Readonly<Record<string, string>>>(
  definition: CatalogEntry<Values>,
): CatalogEntry<Values> => definition;

/** A sentence with the link to similar reports. */
export const similarReports = (reason: string, about?: string): string =>
  `Similar reports: ${searchLink(reason, about)}`;

/** The command that creates a federated credential for the id-token that Entra received. */
export function federatedCredential(reason: string): string {
  const { issuer, subject, audience } = claimsIn(reason);
  const parameters = { name: 'github', issuer, subject, audiences: [audience] };
  return `az ad app federated-credential create --id CLIENT_ID --parameters '${JSON.stringify(parameters)}'`;
}

/** The command that changes one property of a pipeline. Pipelines have no PATCH: the command reads the pipeline and sends all properties. */
export const update = (id: string, property: string): string =>
  `az resource update --ids ${id} --api-version 2025-06-01-preview --set '${property}'`;

const quoted = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;

/** Name of a resource: the last segment of its ID. */
const lastName = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

/**
 * Type and name of a scope as Bicep writes an existing resource: `account/default/container`. In a resource ID, types
 * alternate with names after the provider.
 */
function existing(scope: string): { readonly type: string; readonly name: string } {
  const [provider = '', ...parts] = scope.slice(scope.lastIndexOf('/providers/') + '/providers/'.length).split('/');
  const types = parts.filter((_, index) => index % 2 === 0);
  const names = parts.filter((_, index) => index % 2 === 1);
  return { type: [provider, ...types].join('/'), name: names.join('/') };
}

/** API versions of the resource types that roles are assigned at. */
const VERSIONS: ReadonlyMap<string, string> = new Map([
  ['microsoft.storage/storageaccounts/blobservices/containers', '2023-05-01'],
  ['microsoft.keyvault/vaults/secrets', '2023-07-01'],
]);

/** A role assignment in Bicep. */
export function assignmentInBicep(order: {
  readonly roleId: string;
  readonly principal: string;
  readonly scope: string;
}): string {
  const { type, name } = existing(order.scope);
  const version = VERSIONS.get(type.toLowerCase()) ?? '2023-05-01';
  return [
    `resource scope ${quoted(`${type}@${version}`)} existing = { name: ${quoted(name)} }`,
    `resource role 'Microsoft.Authorization/roleAssignments@2022-04-01' = {`,
    `  scope: scope`,
    `  name: guid(scope.id, ${quoted(order.principal)}, ${quoted(order.roleId)})`,
    `  properties: { principalId: ${quoted(order.principal)}, principalType: 'ServicePrincipal', roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', ${quoted(order.roleId)}) }`,
    `}`,
  ].join('\n  ');
}

/** An access policy in Bicep that lets a principal read secrets. */
export const policyInBicep = ({
  principal,
  vaultId,
}: {
  readonly principal: string;
  readonly vaultId: string;
}): string =>
  [
    `resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = { name: ${quoted(lastName(vaultId))} }`,
    `resource policy 'Microsoft.KeyVault/vaults/accessPolicies@2023-07-01' = {`,
    `  parent: vault`,
    `  name: 'add'`,
    `  properties: { accessPolicies: [ { tenantId: subscription().tenantId, objectId: ${quoted(principal)}, permissions: { secrets: [ 'get' ] } } ] }`,
    `}`,
  ].join('\n  ');
