import type { RunOutcome } from '../contracts.ts';
import type { TransferRecord } from '../description.ts';

/** What the engine was really given to do. Kept when runs are deleted or made anew: it is there to tell what was done twice. */
export interface TransferLog {
  /** Oldest first. */
  readonly all: () => readonly TransferRecord[];
  /** Enters work that has just begun and notes how it ends; resolves as the work does. */
  readonly follow: (begun: Omit<TransferRecord, 'outcome'>, work: Promise<RunOutcome>) => Promise<RunOutcome>;
}

/** An empty log. */
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
