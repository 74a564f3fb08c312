import { assemble } from './artifact.ts';
import type { Artifact, Subject } from './artifact.ts';
import { blobOf, jsonBlob, seededBytes } from './blob.ts';
import type { Blob } from './blob.ts';

/** The empty config of an artifact without one (OCI image spec 1.1, "Guidance for an Empty Descriptor"). */
const emptyConfig = blobOf('application/vnd.oci.empty.v1+json', Buffer.from('{}'));

/** The artifact types of the referrers below. */
export const SIGNATURE_TYPE = 'application/vnd.dev.cosign.artifact.sig.v1+json';
/** SPDX in JSON. */
export const SBOM_TYPE = 'application/spdx+json';

const SIMPLE_SIGNING_TYPE = 'application/vnd.dev.cosign.simplesigning.v1+json';

/** The payload that names the subject's digest, as cosign signs it. */
const signedPayload = (subject: Subject, reference: string): Blob =>
  jsonBlob(SIMPLE_SIGNING_TYPE, {
    critical: {
      identity: { 'docker-reference': reference },
      image: { 'docker-manifest-digest': subject.manifest.digest },
      type: 'cosign container image signature',
    },
    optional: null,
  });

/** Bytes in the form of a signature. They aren't valid for any key. */
const seal = ({ manifest }: Subject): Readonly<Record<string, string>> => ({
  'dev.cosignproject.cosign/signature': seededBytes(manifest.digest, 71).toString('base64'),
});

/**
 * A signature in cosign's form with referrers.
 * @param reference repository of the subject, `team/app`
 */
export const signature = (subject: Subject, reference: string): Artifact =>
  assemble({
    artifactType: SIGNATURE_TYPE,
    config: emptyConfig,
    layers: [signedPayload(subject, reference)],
    subject,
    annotations: seal(subject),
  });

/** The tag under which cosign looks for the signatures of a digest: `sha256-….sig` (sigstore/cosign, "Signature Specification"). */
export const signatureTag = (digest: string): string => `${digest.replace(':', '-')}.sig`;

/**
 * A signature in the form that cosign uses without referrers: an image whose tag, `signatureTag`, names its subject. The signature itself is
 * an annotation of its only layer (same specification).
 * @param reference repository of the subject, `team/app`
 */
export function taggedSignature(subject: Subject, reference: string): Artifact {
  const payload = signedPayload(subject, reference);
  const config = jsonBlob('application/vnd.oci.image.config.v1+json', {
    architecture: '',
    os: '',
    config: {},
    rootfs: { type: 'layers', diff_ids: [payload.digest] },
  });
  return assemble({ config, layers: [{ ...payload, annotations: seal(subject) }] });
}

/** A bill of materials that describes the subject. */
export function sbom(subject: Subject, name: string): Artifact {
  const document = {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name,
    documentNamespace: `https://spdx.example/${name}/${subject.manifest.digest}`,
    creationInfo: { created: '1970-01-01T00:00:00Z', creators: ['Tool: acr-transfer content kit'] },
    packages: [{ SPDXID: 'SPDXRef-Package', name, downloadLocation: 'NOASSERTION' }],
  };
  const config = emptyConfig;
  return assemble({ artifactType: SBOM_TYPE, config, layers: [jsonBlob(SBOM_TYPE, document)], subject });
}
