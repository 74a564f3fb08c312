/** A finding in a workflow. */
export interface Finding {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

/** `path:line: message`, which terminals and editors show as a link. */
export const formatFinding = ({ path, line, message }: Finding): string =>
  `${path}:${line}: ${message.replace(/\s+/g, ' ').trim()}`;
