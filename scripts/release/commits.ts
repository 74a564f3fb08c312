/** A commit, in the form of Conventional Commits (https://www.conventionalcommits.org/en/v1.0.0/). */
export interface Commit {
  readonly sha: string;
  /** Null if the subject has another form. */
  readonly type: string | null;
  readonly scope: string | null;
  readonly summary: string;
  /** The breaking change; null if there is none. */
  readonly breaking: string | null;
}

const FIELD = '\u001f';
const RECORD = '\u001e';

/** Format for `git log`. Bodies have several lines, so the separators are characters that commit messages don't contain. */
export const LOG_FORMAT = `%H%x1f%s%x1f%b%x1e`;

const SUBJECT = /^(?<type>[a-z]+)(?:\((?<scope>[^()]+)\))?(?<bang>!)?: (?<summary>.+)$/;
/** A footer ends with the paragraph. */
const FOOTER = /^BREAKING[ -]CHANGE: (?<what>[\s\S]+?)(?=\n\n|\n[A-Za-z-]+: |$(?![\s\S]))/m;

function parseCommit(sha: string, subject: string, body: string): Commit {
  const { type, scope, bang, summary } = SUBJECT.exec(subject)?.groups ?? {};
  const footer = FOOTER.exec(body)?.groups?.['what']?.replaceAll(/\s+/g, ' ').trim();
  return {
    sha,
    type: type ?? null,
    scope: scope ?? null,
    summary: summary ?? subject,
    breaking: footer ?? (bang === undefined ? null : (summary ?? subject)),
  };
}

/** Parses the output of git in `LOG_FORMAT`. */
export const parseLog = (log: string): readonly Commit[] =>
  log
    .split(RECORD)
    .map((record) => record.trim())
    .filter((record) => record !== '')
    .map((record) => {
      const [sha = '', subject = '', body = ''] = record.split(FIELD);
      return parseCommit(sha, subject, body.trim());
    });
