/** Schemas of the pages of lists, and of the locks in them. */
import * as z from 'zod';
import type { ListedManifest, ListedTag, Locks } from '../../transfer/ports/registry.ts';

/** Shared by all entries without locks, because lists of a hundred thousand entries stay in memory. */
const UNLOCKED: Locks = Object.freeze({ readable: true, writable: true, quarantined: false });

/**
 * `changeableAttributes` of a tag or a manifest (Microsoft REST reference, "Manifests - Get List"). An absent attribute locks
 * nothing. A quarantined manifest has `quarantineState: Quarantined` (Azure/acr, docs/preview/quarantine).
 */
const locksSchema = z
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
    return readable && writable && !quarantined ? UNLOCKED : { readable, writable, quarantined };
  });

/** Entries per page: the service's maximum. */
export const PAGE_SIZE = 1000;

/** A page of `/v2/_catalog` (OCI distribution). A list without entries can be null. */
export const catalogPage = z
  .object({ repositories: z.array(z.string()).nullish() })
  .transform(({ repositories }): readonly string[] => repositories ?? []);

/** A page of `/acr/v1/NAME/_manifests` (Microsoft REST reference, "Manifests - Get List"). `tags` is absent for an untagged manifest. */
export const manifestsPage = z
  .object({
    manifests: z
      .array(
        z.object({
          digest: z.string(),
          mediaType: z.string().nullish(),
          imageSize: z.number().nullish(),
          tags: z.array(z.string()).nullish(),
          changeableAttributes: locksSchema,
        }),
      )
      .nullish(),
  })
  .transform(({ manifests }): readonly ListedManifest[] =>
    (manifests ?? []).map(({ digest, mediaType, imageSize, tags, changeableAttributes }) => ({
      digest,
      mediaType: mediaType ?? null,
      size: imageSize ?? null,
      tags: tags ?? [],
      locks: changeableAttributes,
    })),
  );

// Recorded: `2025-04-22T21:54:33.0512957Z`.
const time = z
  .string()
  .transform((text) => Date.parse(text))
  .refine((milliseconds) => !Number.isNaN(milliseconds), 'it is not a time');

const tag = z
  .object({ name: z.string(), digest: z.string(), lastUpdateTime: time, changeableAttributes: locksSchema })
  .transform(({ name, digest, lastUpdateTime, changeableAttributes }): ListedTag => ({
    name,
    digest,
    pushedAt: lastUpdateTime,
    locks: changeableAttributes,
  }));

/** A page of `/acr/v1/NAME/_tags` (Microsoft REST reference, "Tag - Get List"). */
export const tagsPage = z
  .object({ tags: z.array(tag).nullish() })
  .transform(({ tags }): readonly ListedTag[] => tags ?? []);

/** The response of `/acr/v1/NAME/_tags/TAG` (Microsoft REST reference, "Tag - Get Attributes"). */
export const tagAttributes = z.object({ tag }).transform((body): ListedTag => body.tag);

/** A page of `/v2/NAME/referrers/DIGEST`, which is an index (OCI distribution 1.1, "Listing Referrers"). */
export const referrersPage = z
  .object({ manifests: z.array(z.object({ digest: z.string() })).nullish() })
  .transform(({ manifests }): readonly string[] => (manifests ?? []).map(({ digest }) => digest));
