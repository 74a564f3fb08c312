/** ACRT6…. */
import { entry } from './catalog-entry.ts';

/** ACRT6…: verification and registry reads. */
export const REGISTRY_ERRORS = {
  ACRT6001: entry<{ reference: string; registry: string; expected: string; actual: string }>({
    title: 'The target has another digest',
    message: (v) =>
      `${v.reference} in ${v.registry} has another digest than the exported artifact:\n  exported       ${v.expected}\n  at the target  ${v.actual}`,
    remedy: () =>
      "If the tag existed before, the import pipeline needs the option OverwriteTags. If the tag moved at the source during the export, run the workflow again. Otherwise don't use this artifact, and set another transfer-name to export it again.",
  }),
  ACRT6002: entry<{ reference: string; registry: string; digest: string }>({
    title: "An artifact didn't arrive",
    message: (v) => `${v.reference} (${v.digest}) isn't in ${v.registry}.`,
    remedy: () =>
      'Check importedArtifacts of the run: with ContinueOnErrors, a run skips artifacts that fail. Fix the cause that it reports, and transfer again with another transfer-name.\n  az acr pipeline-run show --registry REGISTRY --resource-group RESOURCE_GROUP --name RUN --query response',
  }),
  ACRT6003: entry<{ reference: string; registry: string; child: string }>({
    title: 'A manifest of a multi-arch artifact is missing',
    message: (v) => `${v.reference} in ${v.registry} lists ${v.child}, which doesn't exist.`,
    remedy: () =>
      'In the source registry: push the index again with all its platforms. In the target registry: run the workflow again. If the error persists, export the missing manifest by its digest too.',
  }),
  ACRT6004: entry<{ registry: string; reference: string; reason: string }>({
    title: "The registry can't be read",
    message: (v) => `Reading ${v.reference} from ${v.registry} failed: ${v.reason}`,
    remedy: () =>
      'Assign "AcrPull" to the principal (registries with ABAC: "Container Registry Repository Reader"), and make the registry reachable from this runner:\n  az role assignment create --assignee CLIENT_ID --role AcrPull --scope REGISTRY_RESOURCE_ID',
  }),
  ACRT6005: entry<{ registry: string; reference: string; reason: string }>({
    title: 'The registry firewall blocks the action',
    message: (v) => `${v.registry} refuses requests from this network, so ${v.reference} can't be read: ${v.reason}`,
    remedy: (v) =>
      `Run the job on a runner in an allowed network, or allow its address:\n  az acr network-rule add --name ${v.registry.replace(/\..*$/, '')} --ip-address RUNNER_IP`,
  }),
  ACRT6006: entry<{ registry: string; reference: string; reason: string }>({
    title: 'The registry throttles requests',
    message: (v) => `${v.registry} throttles this principal, so ${v.reference} can't be read: ${v.reason}`,
    remedy: () =>
      'Run the workflow again in a few minutes. Schedule it at another time than other workflows that read this registry.',
  }),
  ACRT6007: entry<{ blob: string; registry: string; count: string; references: string; commands: string }>({
    title: "Artifacts were imported that aren't planned",
    message: (v) => `The import of ${v.blob} brought ${v.count} into ${v.registry}:\n${v.references}`,
    remedy: (v) =>
      `Don't use these artifacts. Remove them, and find out who can write to the containers before you transfer again:\n${v.commands}`,
  }),
  ACRT6008: entry<{ blob: string; registry: string; entries: string }>({
    title: "The list of imported artifacts can't be fully compared",
    message: (v) => `The import of ${v.blob} lists what can't be found in ${v.registry}:\n${v.entries}`,
    remedy: () =>
      'Compare the list of the run with the registry:\n  az acr pipeline-run show --registry REGISTRY --resource-group RESOURCE_GROUP --name RUN --query response.importedArtifacts',
  }),
  ACRT6009: entry<{ blob: string; registry: string; reason: string; tags: string }>({
    title: 'Other tags changed during an import',
    message: (v) =>
      `${v.reason} While ${v.blob} was imported, tags that aren't planned changed in ${v.registry}:\n${v.tags}`,
    remedy: () =>
      'Check who pushed these tags. If no other client did, they came from the transfer blob: remove them, and find out who can write to the containers.',
  }),
} as const;
