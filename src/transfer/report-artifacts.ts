/** The artifacts of a report: what was carried, or would be, and what stays. */
import type { Staying } from './plan/considered.ts';
import type { Plan } from './plan/plan.ts';
import { reasonText, type ReasonOut } from './plan/reason.ts';
import { formatReference } from './reference.ts';
import type { ReportDocument } from './report-schema.ts';
import type { TransferResult } from './report.ts';

type StayingFor<Kind extends ReasonOut['kind']> = Staying & { readonly reason: Extract<ReasonOut, { kind: Kind }> };

/** What a plan says stays, for one of these reasons. */
export function stayingFor<Kind extends ReasonOut['kind']>(
  { planned }: Pick<TransferResult, 'planned'>,
  ...kinds: readonly Kind[]
): readonly StayingFor<Kind>[] {
  const isOne = (item: Staying): item is StayingFor<Kind> => (kinds as readonly string[]).includes(item.reason.kind);
  return planned?.plan.staying.filter(isOne) ?? [];
}

type ReportArtifact = ReportDocument['artifacts'][number];

type Why = Pick<ReportArtifact, 'reason' | 'why'>;

const NO_PLAN: Why = { reason: null, why: null };

const identity = (repository: string, digest: string): string => `${repository}@${digest}`;

/** Names of what is planned or there, by repository and digest; the first of several. */
function namesOf({ artifacts, staying }: Plan): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { reference, digest } of [...staying, ...artifacts]) {
    names.set(identity(reference.repository, digest), formatReference(reference));
  }
  return names;
}

/** Why each artifact of a plan travels; of a referrer also what it refers to. */
function reasonsOf(plan: Plan): ReadonlyMap<string, Why> {
  const names = namesOf(plan);
  return new Map(
    plan.artifacts.map(({ reference, subject, reason }) => {
      const of = subject === null ? undefined : names.get(identity(reference.repository, subject));
      const why = `${reasonText(reason)}${of === undefined ? '' : `, refers to ${of}`}`;
      return [formatReference(reference), { reason: reason.kind, why }];
    }),
  );
}

/** What was carried, or would be, with why. */
function carried({ batches, planned }: TransferResult): readonly ReportArtifact[] {
  const reasons = planned === null ? new Map<string, Why>() : reasonsOf(planned.plan);
  return batches.flatMap(({ batch, artifacts, failure }) =>
    artifacts.map((item) => ({
      reference: item.reference,
      digest: item.digest,
      size: item.size,
      outcome: item.outcome,
      ...(reasons.get(item.reference) ?? NO_PLAN),
      failure: (item.failure ?? failure)?.facts.id ?? null,
      blob: batch.blob,
    })),
  );
}

/** What was asked for and stays: it is there already, or cannot travel. */
const staying = (result: TransferResult): readonly ReportArtifact[] =>
  stayingFor(result, 'present', 'blocked', 'subject-stays').map(({ reference, digest, size, reason }) => ({
    reference: formatReference(reference),
    digest,
    size,
    outcome: reason.kind === 'present' ? 'present' : 'failed',
    reason: reason.kind,
    why: reasonText(reason),
    failure: reason.kind === 'blocked' ? reason.failure.facts.id : null,
    blob: null,
  }));

/** All of them, in the order of the batches; those that stay last. */
export const reportedArtifacts = (result: TransferResult): ReportDocument['artifacts'] => [
  ...carried(result),
  ...staying(result),
];
