/** What people see, and the failures that it may be: the part of docs/troubleshooting.md that no catalogue knows. */
import type { TransferErrorId } from '../../src/transfer/errors/catalog.ts';

/** One thing that can be seen, in the words of whoever sees it. */
export interface Symptom {
  readonly seen: string;
  readonly ids: readonly TransferErrorId[];
}

/** What is seen before the action has begun, so that no failure of the catalogue can say it. */
export interface Refusal {
  readonly seen: string;
  /** Markdown. */
  readonly means: string;
}

/** Symptoms of one part of a transfer. */
export interface SymptomGroup {
  readonly heading: string;
  readonly symptoms: readonly Symptom[];
  /** Stand before the symptoms. */
  readonly refusals?: readonly Refusal[];
}

const group = (heading: string, ...symptoms: readonly (readonly [seen: string, ...ids: TransferErrorId[]])[]) => ({
  heading,
  symptoms: symptoms.map(([seen, ...ids]) => ({ seen, ids })),
});

/** In the order of a transfer. Every failure of the catalogue stands somewhere. */
export const SYMPTOMS: readonly SymptomGroup[] = [
  {
    ...group(
      'The step ends at once',
      ['It lists problems of its inputs', 'ACRT1001'],
      ['It speaks of Node', 'ACRT1002'],
      ['It says "Unexpected error"', 'ACRT9001'],
    ),
    refusals: [
      {
        seen: 'GitHub refuses the workflow before any job, where it calls a reusable one',
        means: 'The calling job grants less than the [called workflow asks for](workflows.md)',
      },
    ],
  },
  group(
    'Signing in fails',
    ['The job gets no id-token, or nothing says who is signing in', 'ACRT2002', 'ACRT2003'],
    ['"No matching federated identity record found"', 'ACRT2009'],
    ['It worked until the repository was renamed, moved, or made anew', 'ACRT2009'],
    ['The tenant or the application is unknown', 'ACRT2006', 'ACRT2007', 'ACRT3038'],
    ['The secret is refused', 'ACRT2008'],
    ['A policy, Conditional Access or a risk stands against it', 'ACRT2010'],
    ['The id-token is too old, or its signature is not accepted', 'ACRT2011'],
    ['Entra refuses with any other code', 'ACRT2001'],
    ['A custom cloud is not understood', 'ACRT2004'],
  ),
  group(
    'A host cannot be reached',
    ['No address, no connection, no answer', 'ACRT2012', 'ACRT2005'],
    ['A certificate is not trusted, as behind a proxy that breaks TLS', 'ACRT2013'],
    ['The firewall of a registry', 'ACRT3015', 'ACRT3016', 'ACRT6005'],
    ['The firewall of a storage account', 'ACRT3022', 'ACRT5016', 'ACRT4002'],
  ),
  group(
    'Something is not there, or is of the wrong kind',
    ['Pipeline, registry or container', 'ACRT3001', 'ACRT3004', 'ACRT3006', 'ACRT4013'],
    ['The registry is there and cannot transfer', 'ACRT3007', 'ACRT3008', 'ACRT3041', 'ACRT3039'],
    ['The pipeline is there and cannot run', 'ACRT3003', 'ACRT3014'],
    ['A tag, a digest, or everything that a line selects', 'ACRT3005', 'ACRT3011', 'ACRT4016'],
  ),
  group(
    'Something is forbidden (403)',
    ['To this workflow, at the registry', 'ACRT3002', 'ACRT3028', 'ACRT3010', 'ACRT6004'],
    ['To this workflow, at a container', 'ACRT3034', 'ACRT5004', 'ACRT5015', 'ACRT5017'],
    ['To the pipeline, at its container', 'ACRT4002', 'ACRT3026'],
    ['To the pipeline, at its vault', 'ACRT4011', 'ACRT3027', 'ACRT3023'],
    ['A lock or a policy of Azure', 'ACRT3036', 'ACRT3037'],
    ['Any other answer of ARM', 'ACRT3009'],
  ),
  group(
    'A SAS does not work, or will not for long',
    ['The SAS of a pipeline', 'ACRT3024', 'ACRT4012', 'ACRT3025', 'ACRT4019', 'ACRT3035'],
    ['`source-sas`, `target-sas`', 'ACRT3029', 'ACRT5010', 'ACRT5015', 'ACRT3035'],
  ),
  group(
    'An artifact does not travel',
    ['It is too large, or has layers of elsewhere', 'ACRT3013', 'ACRT3012', 'ACRT4021'],
    ['It is locked or in quarantine, or the registry disallows it', 'ACRT3030', 'ACRT3031', 'ACRT4020'],
    ['Its tag moved under way', 'ACRT4009', 'ACRT4010'],
    ['Its tag is at the target with another digest and stays there', 'ACRT3018', 'ACRT4017'],
  ),
  group(
    'A pipeline run fails, or never ends',
    ['It failed, in words that nobody knows', 'ACRT4001'],
    ['It was not even started', 'ACRT4006', 'ACRT4008', 'ACRT3017', 'ACRT4015'],
    ['It succeeded and left nothing, or vanished', 'ACRT4007', 'ACRT4004'],
    ['It has nothing to read', 'ACRT4014', 'ACRT5001'],
    ['The time limit came first, or somebody cancelled', 'ACRT4003', 'ACRT4023'],
    ['Azure asks for fewer requests', 'ACRT3040', 'ACRT4018', 'ACRT6006'],
    ['The key that the storage account is encrypted with', 'ACRT4022', 'ACRT5020'],
  ),
  group(
    'The source trigger does nothing, or too much',
    ['No run is started', 'ACRT4005', 'ACRT3021', 'ACRT3032', 'ACRT3033', 'ACRT5006'],
    ['Blobs are imported twice', 'ACRT3020'],
    ['Blobs stay where they should be deleted', 'ACRT3019'],
  ),
  group(
    'The handoff fails',
    ['The target cannot fetch from the source', 'ACRT5008'],
    ['A blob is not what left, or was damaged under way', 'ACRT5002', 'ACRT5011', 'ACRT5003'],
    ['A blob of this name is there already', 'ACRT5009', 'ACRT5013', 'ACRT5018'],
    ['A blob is too large, or archived', 'ACRT5007', 'ACRT5012', 'ACRT5019'],
    ['A directory cannot be read or written', 'ACRT5014'],
    ['Any other answer of storage', 'ACRT5005'],
  ),
  group(
    'It arrived, and the step is red all the same',
    ['The target has something else', 'ACRT6001'],
    ['The target does not have it, or not all of it', 'ACRT6002', 'ACRT6003'],
  ),
  group(
    'A document is not accepted',
    ['It cannot be read, or is of a newer version', 'ACRT7001', 'ACRT7002'],
    ['A manifest is not complete, or hides another', 'ACRT7003', 'ACRT7004'],
    ['A plan is of something else', 'ACRT7005'],
  ),
  group(
    'Setting up fails',
    ['A role or an access policy cannot be given', 'ACRT3042', 'ACRT3043'],
    ['Storage account or vault is not found', 'ACRT3044'],
    ['All is made, and the trial fails', 'ACRT3045'],
    ['No SAS can be made, tried or stored', 'ACRT3046', 'ACRT3047', 'ACRT3048', 'ACRT3049'],
  ),
];
