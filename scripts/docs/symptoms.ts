/** Symptoms and their possible errors, for docs/troubleshooting.md. */
import type { TransferErrorId } from '../../src/transfer/errors/catalog.ts';

/** One symptom, in the words of a user. */
export interface Symptom {
  readonly seen: string;
  readonly ids: readonly TransferErrorId[];
}

/** A symptom from before the action starts, which has no error ID. */
export interface Refusal {
  readonly seen: string;
  /** Markdown. */
  readonly means: string;
}

/** Symptoms of one part of a transfer. */
export interface SymptomGroup {
  readonly heading: string;
  readonly symptoms: readonly Symptom[];
  /** Listed before the symptoms. */
  readonly refusals?: readonly Refusal[];
}

const group = (heading: string, ...symptoms: readonly (readonly [seen: string, ...ids: TransferErrorId[]])[]) => ({
  heading,
  symptoms: symptoms.map(([seen, ...ids]) => ({ seen, ids })),
});

/** In the order of a transfer. Each error of the catalog is listed at least once. */
export const SYMPTOMS: readonly SymptomGroup[] = [
  {
    ...group(
      'The step fails at once',
      ['The step lists problems of its inputs', 'ACRT1001'],
      ['The message is about the Node version', 'ACRT1002'],
      ['The message is "Unexpected error"', 'ACRT9001'],
    ),
    refusals: [
      {
        seen: 'GitHub rejects a workflow that calls a reusable workflow, before any job starts',
        means: 'The calling job has fewer permissions than the [called workflow needs](workflows.md)',
      },
    ],
  },
  group(
    'The sign-in fails',
    ['The job gets no id-token, or has no credential', 'ACRT2002', 'ACRT2003'],
    ['"No matching federated identity record found"', 'ACRT2009'],
    ['It worked until the repository was renamed, moved, or created again', 'ACRT2009'],
    ['The tenant or the application is unknown', 'ACRT2006', 'ACRT2007', 'ACRT3038'],
    ['The secret is refused', 'ACRT2008'],
    ['A policy, Conditional Access or a risk blocks it', 'ACRT2010'],
    ['The id-token has expired, or its signature is rejected', 'ACRT2011'],
    ['Any other AADSTS code', 'ACRT2001'],
    ['A custom cloud is not recognized', 'ACRT2004'],
  ),
  group(
    "A host can't be reached",
    ['No DNS entry, no connection, no response', 'ACRT2012', 'ACRT2005'],
    ['A proxy or gateway answers, or the service is unavailable', 'ACRT2018', 'ACRT2019'],
    ["The proxy can't be reached", 'ACRT2020'],
    ["The host doesn't belong to the cloud, for example a custom domain", 'ACRT2017'],
    ['A certificate is not trusted, for example behind a proxy that inspects TLS', 'ACRT2013'],
    ['A firewall of a registry', 'ACRT3015', 'ACRT3016', 'ACRT6005'],
    ['A firewall of a storage account', 'ACRT3022', 'ACRT5016', 'ACRT4002'],
  ),
  group(
    "Something doesn't exist, or has the wrong type",
    ['Pipeline, registry or container', 'ACRT3001', 'ACRT3004', 'ACRT3006', 'ACRT4013'],
    ["The registry exists, but can't transfer", 'ACRT3007', 'ACRT3008', 'ACRT3041', 'ACRT3039'],
    ["The pipeline exists, but can't run", 'ACRT3003', 'ACRT3014'],
    ['A tag, a digest, or all artifacts that a line selects', 'ACRT3005', 'ACRT3011', 'ACRT4016'],
  ),
  group(
    'Something is forbidden (403)',
    ['This workflow, on the registry', 'ACRT3002', 'ACRT3028', 'ACRT3010', 'ACRT6004'],
    ['This workflow, on a container', 'ACRT3034', 'ACRT5004', 'ACRT5015', 'ACRT5017'],
    ['The pipeline, on its container', 'ACRT4002', 'ACRT3026'],
    ['The pipeline, on its vault', 'ACRT4011', 'ACRT3027', 'ACRT3023'],
    ['An Azure lock or policy', 'ACRT3036', 'ACRT3037'],
    ['Any other response of ARM', 'ACRT3009'],
  ),
  group(
    "A SAS doesn't work, or expires soon",
    ['The SAS of a pipeline', 'ACRT3024', 'ACRT4012', 'ACRT3025', 'ACRT4019', 'ACRT3035'],
    ['`source-sas`, `target-sas`', 'ACRT3029', 'ACRT5010', 'ACRT5015', 'ACRT3035'],
  ),
  group(
    'An artifact is not transferred',
    ['It is too large, or has foreign layers', 'ACRT3013', 'ACRT3012', 'ACRT4021'],
    ['It is locked or in quarantine, or the registry disallows the operation', 'ACRT3030', 'ACRT3031', 'ACRT4020'],
    ['Its tag moved during the transfer', 'ACRT4009', 'ACRT4010'],
    ['A run succeeded without it', 'ACRT4030', 'ACRT3056'],
    ['Its tag exists at the target with another digest, and is not overwritten', 'ACRT3018', 'ACRT4017'],
  ),
  group(
    "A pipeline run fails, or doesn't end",
    ['It failed with an unknown message', 'ACRT4001'],
    ['It was not started', 'ACRT4006', 'ACRT4008', 'ACRT3017', 'ACRT4015'],
    ['It succeeded without a result, or was deleted', 'ACRT4007', 'ACRT4004'],
    ['Its blob is missing', 'ACRT4014', 'ACRT5001', 'ACRT4032'],
    ['The time limit was reached, or the transfer was canceled', 'ACRT4003', 'ACRT4023'],
    ['Azure throttles requests', 'ACRT3040', 'ACRT4018', 'ACRT6006'],
    ['The encryption key of the storage account', 'ACRT4022', 'ACRT5020'],
  ),
  group(
    'The source trigger imports nothing, or too much',
    ['No run is started', 'ACRT4005', 'ACRT3021', 'ACRT3032', 'ACRT3033', 'ACRT5006'],
    ['Its run failed', 'ACRT4031'],
    ['Blobs are imported twice', 'ACRT3020'],
    ['Blobs are not deleted after the import', 'ACRT3019'],
  ),
  group(
    'The handoff fails',
    ["The target can't read the source", 'ACRT5008'],
    ['A blob was changed or damaged', 'ACRT5002', 'ACRT5011', 'ACRT5003', 'ACRT5021', 'ACRT5022'],
    ['A blob with this name already exists', 'ACRT5009', 'ACRT5013', 'ACRT5018'],
    ['A blob is too large, or archived', 'ACRT5007', 'ACRT5012', 'ACRT5019'],
    ["A directory can't be read or written", 'ACRT5014'],
    ['Any other response of storage', 'ACRT5005'],
  ),
  group(
    'The import succeeds, but the step fails',
    ['The target has another digest', 'ACRT6001'],
    ["The target doesn't have the artifact, or only a part of it", 'ACRT6002', 'ACRT6003'],
    ["The import brought more than was planned, or it isn't known", 'ACRT6007', 'ACRT6008', 'ACRT6009'],
  ),
  group(
    'A document is rejected',
    ["It can't be read, or has a newer version", 'ACRT7001', 'ACRT7002'],
    ['A manifest is incomplete, or would overwrite another one', 'ACRT7003', 'ACRT7004'],
    ["A plan doesn't match the step", 'ACRT7005'],
    ["A manifest doesn't belong to the step, or its source isn't allowed", 'ACRT7009', 'ACRT7010'],
    ['A receipt of another transfer has the same name', 'ACRT7011'],
  ),
  group(
    'The setup fails',
    ["A role or an access policy can't be assigned", 'ACRT3042', 'ACRT3043'],
    ['A storage account, a vault or an identity is not found', 'ACRT3044'],
    ['Everything is set up, but the test run fails', 'ACRT3045'],
    ["A SAS can't be created, tested or stored", 'ACRT3046', 'ACRT3047', 'ACRT3048', 'ACRT3049'],
  ),
];
