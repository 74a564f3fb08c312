import type { TransferErrorFacts } from '../transfer/errors/index.ts';
import type { ProvisioningRequest } from './request.ts';

/** What a change is of. */
export type ChangeSubject = 'pipeline' | 'container' | 'role' | 'secret-access' | 'sas' | 'secret' | 'run' | 'blobs';

/** One thing that is, or would be, changed. */
export interface Change {
  readonly subject: ChangeSubject;
  /** What of it, in words: `options`, `Storage Blob Data Contributor for 1234… at …`. */
  readonly what: string;
  /** How it was; null: it was not there. */
  readonly from: string | null;
  /** How it is to be; null: it is not to be there. */
  readonly to: string | null;
}

/** What came of a setup. */
export interface ProvisioningResult {
  readonly state: ProvisioningRequest['state'];
  /** `planned`: a dry run that would change something. */
  readonly status: 'unchanged' | 'changed' | 'planned' | 'failed';
  readonly pipelineId: string;
  /** Object id of the pipeline's identity; null when it is not known, or the pipeline is not there. */
  readonly principalId: string | null;
  /** Everything that differs; after a failure also what has not been done. */
  readonly changes: readonly (Change & { readonly done: boolean })[];
  /** When the SAS of the pipeline ends, milliseconds since the epoch; null when there is none, or it could not be seen. */
  readonly sasExpiresAt: number | null;
  readonly warnings: readonly string[];
  readonly failures: readonly TransferErrorFacts[];
}

/** What happens, as it happens. */
export type ProvisioningEvent =
  | { readonly kind: 'difference'; readonly changes: readonly Change[] }
  | { readonly kind: 'changed'; readonly change: Change }
  | { readonly kind: 'waiting'; readonly what: string; readonly seconds: number };
