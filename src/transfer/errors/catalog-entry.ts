/**
 * An entry, and what remedies share: commands, Bicep, search link.
 *
 * What somebody else with more rights deploys, in Bicep. Values come from ARM or were checked; none holds a quote.
 */
import { redact } from './redact.ts';

const MAX_QUERY_LENGTH = 120;
/** A search finds only what has all of its words. */
const MAX_WORDS = 8;
const MAX_READ = 2000;

/** Names that a service puts into quotes are the user's own. */
const QUOTED = /'[^']{0,200}'|"[^"]{0,200}"|`[^`]{0,200}`/g;

/** What stands around a word. */
const AROUND = /^[^\p{L}\d]+|[^\p{L}\d]+$/gu;

/** Error codes are everybody's: AADSTS700016, MANIFEST_UNKNOWN. */
const CODE = /^(?:AADSTS\d{2,8}|[A-Z]{2,20}(?:_[A-Z]{1,20}){1,4})$/;

/** A word has letters alone. Hosts, ids, digests, paths, references and secrets have something else in them, or are longer. */
const WORD = /^\p{L}{2,40}$/u;

const isPublicWord = (word: string): boolean => CODE.test(word) || WORD.test(word);

/**
 * A link that searches public issues for what a service said, without anything that is the user's own.
 * @param reason the service's words
 * @param about what the search is about besides
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

/** What a federated credential has to have, to the letter. */
export interface Presented {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

/** What may stand in a command within quotes; anything else that a text holds is not what an id-token has there. */
const SAFE = /^[\w:@./*-]{1,300}$/;

function presentedPart(reason: string, name: keyof Presented, otherwise: string): string {
  const found = new RegExp(`assertion ${name}:? '([^']{1,300})'`, 'i').exec(reason)?.[1] ?? '';
  return SAFE.test(found) ? found : otherwise;
}

/**
 * What the id-token said of itself, as far as Entra repeats it (AADSTS70021 all of it, AADSTS700211 to 700213 the part that
 * did not fit), with placeholders for the rest. The issuer is GitHub's own otherwise.
 */
export const presentedIn = (reason: string): Presented => ({
  issuer: presentedPart(reason, 'issuer', 'https://token.actions.githubusercontent.com'),
  subject: presentedPart(reason, 'subject', 'SUBJECT'),
  audience: presentedPart(reason, 'audience', 'AUDIENCE'),
});

/** One entry: texts are functions of the values that the place of failure knows. */
export interface CatalogEntry<Values> {
  readonly title: string;
  /** What it means and where it comes from; for the docs. */
  readonly meaning: string;
  /** By what it is recognised, and who says so; for the docs. */
  readonly evidence: string;
  readonly message: (values: Values) => string;
  readonly remedy: (values: Values) => string;
}

/** An entry of the catalog; infers the values that its texts need. */
export const entry = <Values extends Readonly<Record<string, string>>>(
  definition: CatalogEntry<Values>,
): CatalogEntry<Values> => definition;

/** Where others may have met the same words. */
export const similarReports = (reason: string, about?: string): string =>
  `Others who have met the same: ${searchLink(reason, about)}`;

/** The command that lets a workflow sign in with the id-token that Entra has seen. */
export function federatedCredential(reason: string): string {
  const { issuer, subject, audience } = presentedIn(reason);
  const parameters = { name: 'github', issuer, subject, audiences: [audience] };
  return `az ad app federated-credential create --id CLIENT_ID --parameters '${JSON.stringify(parameters)}'`;
}

/** Changes one property of a pipeline and keeps the others: pipelines are changed by PUT alone, which this reads for first. */
export const update = (id: string, property: string): string =>
  `az resource update --ids ${id} --api-version 2025-06-01-preview --set '${property}'`;

const quoted = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;

/** Name of a resource by the last part of its ID. */
const lastName = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

/**
 * The parents of a scope as Bicep names a resource that exists: `account/default/container`. Types of resource IDs alternate
 * with names after the provider.
 */
function existing(scope: string): { readonly type: string; readonly name: string } {
  const [provider = '', ...parts] = scope.slice(scope.lastIndexOf('/providers/') + '/providers/'.length).split('/');
  const types = parts.filter((_, index) => index % 2 === 0);
  const names = parts.filter((_, index) => index % 2 === 1);
  return { type: [provider, ...types].join('/'), name: names.join('/') };
}

/** API versions of what roles are assigned at. */
const VERSIONS: ReadonlyMap<string, string> = new Map([
  ['microsoft.storage/storageaccounts/blobservices/containers', '2023-05-01'],
  ['microsoft.keyvault/vaults/secrets', '2023-07-01'],
]);

/** A role assignment. */
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

/** An access policy that lets a principal read secrets. */
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
