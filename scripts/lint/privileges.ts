/** Workflows and samples request only what they need: permissions, time, and credentials that a compromised step could read. */
import { load, YAMLException } from 'js-yaml';
import { isRun, type LintDocument } from './documents.ts';
import type { Finding } from './finding.ts';

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly permissions?: unknown;
  readonly 'timeout-minutes'?: unknown;
  /** A job that calls a reusable workflow has no steps, and can't have a time limit. */
  readonly uses?: string;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly permissions?: unknown;
  readonly jobs?: Readonly<Record<string, Job>>;
}

/** A finding, and the text at its position. */
interface Complaint {
  readonly about: RegExp;
  readonly message: string;
}

const literally = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

function jobComplaints([name, { permissions, uses, ...job }]: readonly [string, Job]): readonly Complaint[] {
  const about = new RegExp(`^ +${literally(name)}:`);
  const messages = [
    permissions === undefined ? `job \`${name}\` says nothing of its \`permissions\`` : '',
    typeof permissions === 'string' ? `job \`${name}\` has the permissions \`${permissions}\`` : '',
    uses === undefined && job['timeout-minutes'] === undefined ? `job \`${name}\` has no \`timeout-minutes\`` : '',
  ];
  return messages.filter((message) => message !== '').map((message) => ({ about, message }));
}

const isCheckout = ({ uses }: Step): boolean => uses?.startsWith('actions/checkout@') ?? false;

const leavesToken = (step: Step): boolean => step.with?.['persist-credentials'] !== false;

const CHECKOUT = /\buses: +['"]?actions\/checkout@/;

const lineOf = (lines: readonly string[], about: RegExp): number => lines.findIndex((line) => about.test(line)) + 1;

/** Lines of checkouts that keep the token in .git, where every later step can read it. */
function checkoutLines(lines: readonly string[], steps: readonly Step[]): readonly number[] {
  const all = lines.flatMap((line, index) => (CHECKOUT.test(line) ? [index + 1] : []));
  return steps.filter(isCheckout).flatMap((step, index) => (leavesToken(step) ? [all[index] ?? 1] : []));
}

/** Null if it isn't a workflow. Other linters report that. */
function parse(text: string): Workflow | null {
  try {
    return load(text) as Workflow | null;
  } catch (error) {
    if (error instanceof YAMLException) return null;
    throw error;
  }
}

/** The findings of one workflow. Pages contain fragments, usually without permissions and time limits. */
export function privilegeFindings(document: LintDocument): readonly Finding[] {
  const { path, kind, text, lineOffset } = document;
  if (kind !== 'workflow') return [];
  const workflow = parse(text);
  if (workflow === null) return [];
  const { permissions, jobs = {} } = workflow;
  const lines = text.split('\n');
  const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);
  const at = (message: string) => (line: number) => ({ path, line: line + lineOffset, message });
  const checkouts = checkoutLines(lines, steps).map(
    at('a checkout leaves the token in .git: `persist-credentials: false`'),
  );
  if (!isRun(document)) return checkouts;
  return [
    ...(permissions === undefined ? [1].map(at('the workflow says nothing of `permissions`')) : []),
    ...Object.entries(jobs)
      .flatMap(jobComplaints)
      .map(({ about, message }) => at(message)(lineOf(lines, about))),
    ...checkouts,
  ];
}
