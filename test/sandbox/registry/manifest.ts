import { z } from 'zod';
import type { StoredManifest } from '../contracts.ts';
import { isDigest } from './name.ts';
import { refuse } from './refusal.ts';

const IMAGE_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];
const INDEX_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

const descriptor = z.looseObject({
  mediaType: z.string(),
  digest: z.string().refine(isDigest),
  size: z.int().nonnegative(),
  urls: z.array(z.string()).optional(),
  platform: z.looseObject({ architecture: z.string(), os: z.string() }).optional(),
});

const common = {
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  artifactType: z.string().optional(),
  subject: descriptor.optional(),
  annotations: z.record(z.string(), z.string()).optional(),
};
const image = z.looseObject({ ...common, config: descriptor, layers: z.array(descriptor) });
const index = z.looseObject({ ...common, manifests: z.array(descriptor) });

/** A reference of a manifest to other content. */
export type Descriptor = z.infer<typeof descriptor>;

/** The facts of a manifest that the registry needs. */
export interface Outline {
  /** Absent for an index. */
  readonly config?: Descriptor;
  readonly layers: readonly Descriptor[];
  /** Manifests of an index. */
  readonly children: readonly Descriptor[];
  /** Digest of the manifest that this one refers to. */
  readonly subject?: string;
  /**
   * The type of a referrer in a list: its own artifactType, or its config's media type (OCI image spec 1.1, "Listing
   * Referrers").
   */
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

type Document = Partial<z.infer<typeof image>> & Partial<z.infer<typeof index>>;

const invalid = (detail: string): Error => refuse(400, 'MANIFEST_INVALID', 'manifest invalid', detail);

function parse({ mediaType, bytes }: StoredManifest): Document {
  if (![...IMAGE_TYPES, ...INDEX_TYPES].includes(mediaType)) throw invalid(`media type ${mediaType} is not accepted`);
  try {
    const document: unknown = JSON.parse(bytes.toString('utf8'));
    return INDEX_TYPES.includes(mediaType) ? index.parse(document) : image.parse(document);
  } catch (error) {
    throw invalid(error instanceof z.ZodError ? z.prettifyError(error) : String(error));
  }
}

/** Parses a manifest of the OCI and Docker types. Throws 400 MANIFEST_INVALID. */
export function outlineOf(stored: StoredManifest): Outline {
  const { mediaType, config, layers = [], manifests = [], subject, annotations, ...rest } = parse(stored);
  if (mediaType !== undefined && mediaType !== stored.mediaType) {
    throw invalid(`mediaType is ${mediaType}, Content-Type is ${stored.mediaType}`);
  }
  const artifactType = rest.artifactType ?? config?.mediaType;
  return {
    layers,
    children: manifests,
    ...(config && { config }),
    ...(subject && { subject: subject.digest }),
    ...(artifactType !== undefined && { artifactType }),
    ...(annotations && { annotations }),
  };
}

/** Blobs that must exist before the manifest. Foreign layers are stored elsewhere by design. */
export const requiredBlobs = ({ config, layers }: Outline): readonly string[] =>
  [...(config ? [config] : []), ...layers.filter(({ urls }) => !urls?.length)].map(({ digest }) => digest);
