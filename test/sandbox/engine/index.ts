import { isRestError } from '@azure/storage-blob';
import { RunFailure } from '../contracts.ts';
import type { RunOrder, RunOutcome, TransferEngine } from '../contracts.ts';
import { storageFailure } from './container.ts';
import { runExport } from './export-run.ts';
import { runImport } from './import-run.ts';
import type { EngineParts } from './parts.ts';
import { findTriggerBlobs } from './trigger.ts';

export type { EngineParts } from './parts.ts';

/** Each error that ends a run becomes its message. */
function asFailure(error: unknown): RunFailure {
  if (error instanceof RunFailure) return error;
  if (isRestError(error)) return storageFailure(error);
  return new RunFailure(`The run ended unexpectedly: ${String(error)}`, { cause: error });
}

/**
 * The ACR Transfer service behind the ARM of a cloud. Export runs copy artifacts from the registry to a blob, import runs from
 * a blob to the registry. All content is streamed, so its memory doesn't depend on the size of layers.
 */
export function createEngine(parts: EngineParts): TransferEngine {
  const start = (order: RunOrder): Promise<RunOutcome> =>
    order.kind === 'export' ? runExport(parts, order) : runImport(parts, order);
  return {
    run: async (order) => {
      const outcome = await start(order).catch((error: unknown): never => {
        throw asFailure(error);
      });
      order.progress(100);
      return outcome;
    },
    triggerBlobs: (containerUri, access) => findTriggerBlobs(parts, containerUri, access),
  };
}
