import type { RunOutcome } from '../contracts.ts';
import type { TransferRecord } from '../description.ts';

/** The work of the engine. It is kept when runs are deleted or repeated, so that a test can see what was done twice. */
export interface TransferLog {
  /** Oldest first. */
  readonly all: () => readonly TransferRecord[];
  /** Records work that has started, and its end. Resolves like the work. */
  readonly follow: (begun: Omit<TransferRecord, 'outcome'>, work: Promise<RunOutcome>) => Promise<RunOutcome>;
}

/** Creates an empty log. */
export function createTransferLog(): TransferLog {
  const records: TransferRecord[] = [];
  return {
    all: () => [...records],
    follow: async (begun, work) => {
      const place = records.push({ ...begun, outcome: 'running' }) - 1;
      try {
        const outcome = await work;
        const artifacts = begun.kind === 'import' ? outcome.importedArtifacts : begun.artifacts;
        records[place] = { ...begun, artifacts, outcome: 'succeeded' };
        return outcome;
      } catch (error) {
        records[place] = { ...begun, outcome: 'failed' };
        throw error;
      }
    },
  };
}
