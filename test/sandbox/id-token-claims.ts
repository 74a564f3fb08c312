/** Facts about a job in its id-token, as GitHub documents them ("OpenID Connect reference"). */

/** A job that requests id-tokens. */
export interface TokenJob {
  /** `owner/name` of the repository of the run. */
  readonly repository: string;
  /** `refs/heads/main` */
  readonly ref: string;
  readonly event: string;
  /** The environment of the job; undefined if it has none. */
  readonly environment: string | undefined;
}

/** The default job. */
export const DEFAULT_JOB: TokenJob = {
  repository: 'octo-org/octo-repo',
  ref: 'refs/heads/main',
  event: 'workflow_dispatch',
  environment: 'production',
};

/** The `sub` claim. An environment has precedence, and then a pull request. */
export function subjectOf({ repository, ref, event, environment }: TokenJob): string {
  if (environment !== undefined) return `repo:${repository}:environment:${environment}`;
  return event === 'pull_request' ? `repo:${repository}:pull_request` : `repo:${repository}:ref:${ref}`;
}

/** The owner of a job's repository. */
export const ownerOf = ({ repository }: TokenJob): string => repository.split('/')[0] ?? '';

/** The constant claims. Issuer, audience and times are added. */
export function claimsOf(job: TokenJob): Readonly<Record<string, string>> {
  const { repository, ref, event, environment } = job;
  const workflow = `${repository}/.github/workflows/transfer.yml@${ref}`;
  return {
    sub: subjectOf(job),
    ...(environment !== undefined && { environment }),
    ref,
    ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    repository,
    repository_owner: ownerOf(job),
    repository_visibility: 'private',
    event_name: event,
    workflow: 'transfer',
    workflow_ref: workflow,
    job_workflow_ref: workflow,
    runner_environment: 'github-hosted',
    run_id: '1',
    run_number: '1',
    run_attempt: '1',
    actor: 'octocat',
  };
}

/** ACTIONS_ID_TOKEN_REQUEST_URL of a job. GitHub identifies the job by the request. The sandbox has no jobs, so the URL names it. */
export function requestUrlOf(url: string, { environment, ...job }: TokenJob): string {
  const query = new URLSearchParams({ ...job, ...(environment !== undefined && { environment }) });
  return `${url}&${query.toString()}`;
}

/** The job of a request. */
export function tokenJobOf(query: URLSearchParams): TokenJob {
  const repository = query.get('repository');
  if (repository === null) return DEFAULT_JOB;
  return {
    repository,
    ref: query.get('ref') ?? DEFAULT_JOB.ref,
    event: query.get('event') ?? DEFAULT_JOB.event,
    environment: query.get('environment') ?? undefined,
  };
}
