/** ACRT6…. */
import { entry } from './catalog-entry.ts';

/** ACRT6…: verification and registry reads. */
export const REGISTRY_ERRORS = {
  ACRT6001: entry<{ reference: string; registry: string; expected: string; actual: string }>({
    title: 'The target has another digest',
    meaning: 'What the target registry serves under this name is not what left the source.',
    evidence: 'The digest at the target, against the one that left.',
    message: (v) =>
      `${v.reference} in ${v.registry} is not what left the source:\n  left the source  ${v.expected}\n  at the target    ${v.actual}`,
    remedy: () =>
      'If the tag existed before, the import pipeline needs the option OverwriteTags. If the tag moved at the source during the export, run the workflow again. Otherwise do not use this artifact; use another transfer-name to export it afresh.',
  }),
  ACRT6002: entry<{ reference: string; registry: string; digest: string }>({
    title: 'An artifact did not arrive',
    meaning: 'The import run ended without error, yet the target registry does not have the artifact.',
    evidence: 'Registry: 404 at the target.',
    message: (v) => `${v.reference} (${v.digest}) is not in ${v.registry}.`,
    remedy: () =>
      'See importedArtifacts of the run; with ContinueOnErrors a run leaves out what fails. Mend what it names and transfer again under another transfer-name.\n  az acr pipeline-run show --registry REGISTRY --resource-group RESOURCE_GROUP --name RUN --query response',
  }),
  ACRT6003: entry<{ reference: string; registry: string; child: string }>({
    title: 'A part of a multi-arch artifact is missing',
    meaning:
      'The index is there, but a manifest that it lists is not: at the target it did not arrive, at the source it was deleted or never pushed.',
    evidence: 'Registry: 404 for a manifest that the index names.',
    message: (v) => `${v.reference} in ${v.registry} lists ${v.child}, which is not there.`,
    remedy: () =>
      'In the source registry: push the index again with all its platforms. In the target registry: run the workflow again; if it stays so, export the missing manifest by its digest as well.',
  }),
  ACRT6004: entry<{ registry: string; reference: string; reason: string }>({
    title: 'A registry could not be read',
    meaning: 'A manifest could not be fetched for another reason than its absence.',
    evidence: 'Registry: an error answer that is no 404.',
    message: (v) => `Reading ${v.reference} from ${v.registry} failed: ${v.reason}`,
    remedy: () =>
      'Give the principal "AcrPull" (ABAC registries: "Container Registry Repository Reader") and let the runner reach the registry; verify: false skips the check, and says so in the receipt.\n  az role assignment create --assignee CLIENT_ID --role AcrPull --scope REGISTRY_RESOURCE_ID',
  }),
  ACRT6005: entry<{ registry: string; reference: string; reason: string }>({
    title: 'The firewall of the registry does not let the action in',
    meaning: 'The registry takes requests from chosen networks only, and this runner is in none of them.',
    evidence:
      'Registry: DENIED, "client with IP … is not allowed access" (Microsoft: "Troubleshoot network issues with registry").',
    message: (v) =>
      `${v.registry} refuses requests from this network, so ${v.reference} could not be read: ${v.reason}`,
    remedy: (v) =>
      `Run the job on a runner inside the network, or let its address in:\n  az acr network-rule add --name ${v.registry.replace(/\..*$/, '')} --ip-address RUNNER_IP`,
  }),
  ACRT6006: entry<{ registry: string; reference: string; reason: string }>({
    title: 'The registry asks for fewer requests',
    meaning:
      'The registry, or this principal, has used up its reads of the minute, also after waiting (Microsoft: ACR SKUs).',
    evidence: 'Registry: 429, TOOMANYREQUESTS.',
    message: (v) => `${v.registry} throttles this principal; ${v.reference} could not be read: ${v.reason}`,
    remedy: () => 'Run the workflow again in some minutes, and not at the same time as others that read this registry.',
  }),
} as const;
