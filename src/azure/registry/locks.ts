import * as z from 'zod';
import type { Locks } from '../../transfer/services.ts';

/** One object for nearly all: lists of a hundred thousand entries are kept in memory. */
const OPEN: Locks = Object.freeze({ readable: true, writable: true, quarantined: false });

/**
 * `changeableAttributes` of a tag or a manifest (Microsoft REST reference, "Manifests - Get List"); what is absent is open.
 * A quarantined manifest has `quarantineState: Quarantined` (Azure/acr, docs/preview/quarantine).
 */
export const locksSchema = z
  .object({
    readEnabled: z.boolean().nullish(),
    writeEnabled: z.boolean().nullish(),
    quarantineState: z.string().nullish(),
  })
  .nullish()
  .transform((attributes): Locks => {
    const readable = attributes?.readEnabled !== false;
    const writable = attributes?.writeEnabled !== false;
    const quarantined = attributes?.quarantineState?.toLowerCase() === 'quarantined';
    return readable && writable && !quarantined ? OPEN : { readable, writable, quarantined };
  });
