/** The changes, the result and the events of provisioning. */
import type { TransferErrorFacts } from '../transfer/errors/index.ts';
import type { ProvisioningRequest } from './request.ts';

/** The kind of resource that a change affects. */
type ChangeSubject = 'pipeline' | 'container' | 'role' | 'secret-access' | 'sas' | 'secret' | 'run' | 'blobs';

/** One change, applied or planned. */
export interface Change {
  readonly subject: ChangeSubject;
  /** The changed property or resource: `options`, `Storage Blob Data Contributor at …`. */
  readonly what: string;
  /** The old value; null if it didn't exist. */
  readonly from: string | null;
  /** The new value; null if it is removed. */
  readonly to: string | null;
}

/** The result of provisioning. */
export interface ProvisioningResult {
  readonly state: ProvisioningRequest['state'];
  /** `planned`: a dry run with changes. */
  readonly status: 'unchanged' | 'changed' | 'planned' | 'failed';
  readonly pipelineId: string;
  /** Object ID of the pipeline's identity; null if it is unknown, or the pipeline doesn't exist. */
  readonly principalId: string | null;
  /** All changes. After an error, some are not done. */
  readonly changes: readonly (Change & { readonly done: boolean })[];
  /** Expiry of the pipeline's SAS, milliseconds since the epoch; null if there is none, or it couldn't be read. */
  readonly sasExpiresAt: number | null;
  readonly warnings: readonly string[];
  readonly failures: readonly TransferErrorFacts[];
}

/** Events of provisioning, for live output. */
export type ProvisioningEvent =
  | { readonly kind: 'difference'; readonly changes: readonly Change[] }
  | { readonly kind: 'changed'; readonly change: Change }
  | { readonly kind: 'waiting'; readonly what: string; readonly seconds: number };
