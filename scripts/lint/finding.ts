/** Something that is wrong with a workflow. */
export interface Finding {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

/** `path:line: message`, which terminals and editors link. */
export const formatFinding = ({ path, line, message }: Finding): string =>
  `${path}:${line}: ${message.replace(/\s+/g, ' ').trim()}`;
