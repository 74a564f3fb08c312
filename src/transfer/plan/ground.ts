/** What a survey works on. */
import type { Limit } from '../limit.ts';
import type { SelectionLine } from '../selection/line.ts';
import type { Content, Manifest, Registry } from '../services.ts';
import type { Known, KnownRepository } from './known.ts';
import type { Listing } from './listing.ts';

/** What surveying takes. */
export interface Brief {
  readonly registry: Registry;
  readonly lines: readonly SelectionLine[];
  /** Null when nobody compares. */
  readonly known: Known | null;
  readonly includeReferrers: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Gives each look at a manifest its turn. */
  readonly look: Limit;
  /** Keeps one object for content that many artifacts share: most of what ten thousand artifacts name is the same. */
  readonly share: (content: readonly Content[]) => readonly Content[];
}

/** Makes what {@link Brief} shares content with. */
export function sharedContent(): Brief['share'] {
  const kept = new Map<string, Content>();
  return (content) =>
    content.map((part) => {
      const known = kept.get(part.digest) ?? part;
      kept.set(part.digest, known);
      return known;
    });
}

/** One repository under survey. */
export interface Ground {
  readonly brief: Brief;
  readonly listing: Listing;
  readonly known: KnownRepository | null;
  /** Reads a manifest by its digest, once, whoever asks for it and however often. */
  readonly manifest: (repository: string, digest: string) => Promise<Manifest | null>;
  readonly referrers: Registry['referrers'];
}

/** Opens the ground of one repository; what was read is forgotten with it. */
export function openGround(brief: Brief, listing: Listing, known: KnownRepository | null): Ground {
  const asked = new Map<string, Promise<Manifest | null>>();
  return {
    brief,
    listing,
    known,
    referrers: (repository, digest) => brief.look(() => brief.registry.referrers(repository, digest)),
    manifest: (repository, digest) => {
      const answer = asked.get(digest) ?? brief.look(() => brief.registry.manifest(repository, digest));
      asked.set(digest, answer);
      return answer;
    },
  };
}
